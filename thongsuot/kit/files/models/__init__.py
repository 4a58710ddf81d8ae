from .stored_file import FileReader, StoredFile

__all__ = ["FileReader", "StoredFile"]
