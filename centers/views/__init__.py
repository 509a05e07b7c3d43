from .desk import find

__all__ = ["find"]
