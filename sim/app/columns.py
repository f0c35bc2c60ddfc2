"""Columns of numbers as the browser takes them: a list of names and shapes, and their bytes."""

from typing import Any

import numpy as np

_DTYPES = {"u1": "u8", "u2": "u16", "f4": "f32", "i4": "i32"}

type Message = tuple[dict[str, Any], list[bytes]]
"""Content (JSON), and the bytes of its columns in their order."""


def message(content: dict[str, Any], columns: dict[str, np.ndarray]) -> Message:
    """A message with columns, little-endian and in C order."""
    listed = [
        {"name": name, "dtype": _DTYPES[values.dtype.str[1:]], "shape": list(values.shape)}
        for name, values in columns.items()
    ]
    buffers = [np.ascontiguousarray(v, dtype=v.dtype.newbyteorder("<")).tobytes() for v in columns.values()]
    return content | {"columns": listed}, buffers


def to_byte(share: np.ndarray) -> np.ndarray:
    """Shares from 0 to 1 as 0 to 255."""
    return np.rint(np.clip(share, 0.0, 1.0) * 255.0).astype(np.uint8)
