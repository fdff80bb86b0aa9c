"""The battery of stylised facts: what the model shows on many seeds, held against published bands."""
