"""The world: firms, universities, institutes, centres and governments of Shanxi, and the rules by which they act."""

__version__ = "0.1.0"
