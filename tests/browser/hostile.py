"""Words that would run as a script wherever text is taken for markup, an address or code: 200 of them."""

from __future__ import annotations

_RUN = "window.top.ran.push(1)"
_MARKUP = [
    f"<script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<iframe srcdoc='<script>{_RUN}</script>'></iframe>",
    f'<iframe src="javascript:{_RUN}"></iframe>',
    f"<details open ontoggle={_RUN}>x</details>",
    f"<video><source onerror={_RUN}></video>",
    f"<body onload={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<a href=javascript:{_RUN}>链接</a>",
    f'<math><mtext><table><mglyph><style><img src=x onerror="{_RUN}">',
    f"<style>@import 'x';*{{background:url(javascript:{_RUN})}}</style>",
    f'<meta http-equiv=refresh content="0;url=javascript:{_RUN}">',
    f'<object data="javascript:{_RUN}"></object>',
    f"<marquee onstart={_RUN}>政策</marquee>",
    f'<form><button formaction="javascript:{_RUN}">提交</button></form>',
    f"<template shadowrootmode=open><img src=x onerror={_RUN}></template>",
]
_WAYS_OUT = [
    "",
    '"',
    "'",
    "-->",
    "]]>",
    "</textarea>",
    "</title></style>",
    "\\u003c/script>\\u003e",
    "“》",
    "\u202e",
]
_ADDRESSES = [
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f" javascript:{_RUN}",
    f"java\tscript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    f"vbscript:{_RUN}",
    f"//evil.example/?{_RUN}",
    f"/d/../javascript:{_RUN}",
    f"https://portal.example@evil.example/#{_RUN}",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    f"/\\evil.example/{_RUN}",
]
_CODE = [
    f"${{{_RUN}}}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    f"');{_RUN};//",
    f"`${{{_RUN}}}`",
    "__proto__",
    "constructor",
    "😀\u0000<b>\u2028",
    "&lt;img src=x onerror=1&gt; &#x3c;script&#x3e;",
]


def strings() -> list[str]:
    """All 200, each different."""
    markup = [before + payload for payload in _MARKUP for before in _WAYS_OUT]
    return [*markup, *_ADDRESSES, *_CODE]
