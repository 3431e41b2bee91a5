"""Kakehashi (架け橋): the bridge on which two or more life-science clusters keep their agreement."""

__version__ = "0.1.0"
