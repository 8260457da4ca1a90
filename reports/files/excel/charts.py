"""Stacked bars of grades, with their rates on them."""

from collections.abc import Sequence

from ...tables.axis import axis_of, axis_text
from ...tables.rows import Row
from .sheet import Sheet

# The page's colours (static/css/colours.css); the worst grade is hatched too, so that it is told apart without colour.
COLOURS = {
    "g1": "#1A7F37",
    "g2": "#6CB784",
    "g2b": "#B9DDC4",
    "g3": "#D4A72C",
    "g3b": "#E08A3C",
    "g4": "#BC4C00",
    "bad": "#B3261E",
    "none": "#8C959F",
    "chosen": "#57606A",
    "passed": "#C4CBD3",
}
DARK = ("g1", "g4", "bad", "chosen")
HATCHED = "bad"
BAR_HEIGHT, ROOM = 26, 100  # in pixels
MOST_BARS = 40
SMALL = "0.03"


def grades(sheet: Sheet, *, title: str, lines: range, names: tuple[int, int], rows: Sequence[Row]) -> None:
    """A bar for each of some lines, a part for each figure; their columns follow the names', each count before its rate.

    `names` are the columns that name a bar: the first and the last; `rows` are what the lines show.
    """
    bars = min(len(lines), MOST_BARS)
    first, last = lines[0], lines[0] + bars - 1
    figures, axis = rows[0].figures, axis_of(rows[:bars])
    chart = sheet.book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for place, figure in enumerate(figures):
        column = names[1] + 2 + 2 * place  # of the rate
        chart.add_series(
            {
                "name": figure.label,
                "categories": [sheet.name, first, names[0], last, names[1]],
                "values": [sheet.name, first, column, last, column],
                "gap": 60,
                **look_of(figure.tone, sheet.book.decimals),
            }
        )
    font = {"name": "宋体", "size": 9}
    chart.set_title(
        {
            "name": f"{title}（{axis_text(axis)}）" if axis else title,
            "name_font": {**font, "size": 12},
            "overlay": False,
        }
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": "#595959"}})
    values = {"num_format": "0%", "num_font": font, "major_gridlines": {"visible": False}, "label_position": "high"}
    chart.set_x_axis(values | ({"min": float(axis), "max": 1} if axis else {}))
    sheet.picture(chart, height=ROOM + BAR_HEIGHT * bars)


def look_of(tone: str, decimals: int) -> dict:
    """Colour and label of one part; what is too small for a label has its rate in the table."""
    shown = "0%" if not decimals else f"0.{'0' * decimals}%"
    font: dict[str, object] = {"name": "宋体", "size": 9}
    label = {"value": True, "num_format": f'[<{SMALL}]"";{shown}', "font": font}
    colour = COLOURS[tone]
    if tone == HATCHED:
        label |= {"fill": {"color": "#FFFFFF"}}
        return {
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"},
            "border": {"color": colour},
            "data_labels": label,
        }
    if tone in DARK:
        font["color"] = "#FFFFFF"
    return {"fill": {"color": colour}, "border": {"color": "#FFFFFF"}, "data_labels": label}
