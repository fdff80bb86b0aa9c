"""Speed and memory on this machine, and a plain-Mesa twin of nine mechanisms that says what is right."""
