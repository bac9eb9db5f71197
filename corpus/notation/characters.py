"""Defines Han characters, as the content of a character class: rf"[{HAN}]{{2,}}"."""

from __future__ import annotations

import re

# The ideographs with extension A, the compatibility ideographs, the planes of all further extensions, and 〇.
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
HAN_CHARACTER = re.compile(f"[{HAN}]")
