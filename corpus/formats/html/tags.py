"""HTML elements by their behaviour."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Everything else is inline, also the private tags of publishing systems (<ucapcontent>, <o:p>).
BLOCK = _names(
    "address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
VOID = _names("area base br col embed hr img input link meta param source track wbr")
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
# Elements that are invisible, or visible only as a control.
UNSEEN = _names(
    "script style noscript template svg select option button textarea iframe object head title xmp map"
)
# An element of the first kind is closed implicitly when one of the second kind begins.
CLOSED_BY = {
    "p": _names("p div table ul ol dl h1 h2 h3 h4 h5 h6 section article hr pre blockquote td th tr"),
    "li": _names("li"),
    "td": _names("td th tr tbody"),
    "th": _names("td th tr tbody"),
    "tr": _names("tr tbody"),
    "dt": _names("dt dd"),
    "dd": _names("dt dd"),
}
# Elements that contain a paragraph, a list or part of a table, but never a whole article with its title.
SMALL = _names("p span li tr td th tbody h1 h2 h3 h4 h5 h6 ul ol dl dt dd a b")
