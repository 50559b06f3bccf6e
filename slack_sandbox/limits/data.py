"""What Slack refuses in its newer blocks: tables, charts, cards, carousels, alerts."""

from typing import Any, TypeAlias

from slack_sandbox.limits import numbers
from slack_sandbox.limits.check import BOTH, Check
from slack_sandbox.limits.elements import check_element, check_image
from slack_sandbox.limits.rich import check_rich_text

Json: TypeAlias = dict[str, Any]

_CELLS = ("raw_text", "raw_number", "rich_text")


def check_table(check: Check, block: Json, path: str) -> None:
    """Check a plain table."""
    check.keys(block, path, ("rows", "column_settings"))
    _rows(check, block, path, least=1, most=numbers.TABLE_ROWS)
    if "column_settings" in block and len(block["column_settings"]) > numbers.TABLE_COLUMNS:
        check.fail(f"{path}/column_settings", f"no more than {numbers.TABLE_COLUMNS} items allowed")


def check_data_table(check: Check, block: Json, path: str) -> None:
    """Check a table that can be sorted and paged."""
    check.keys(block, path, ("rows", "caption", "page_size", "row_header_column_index"))
    check.string(block, "caption", path, numbers.TEXT_OBJECT, least=1, needed=True)
    check.number(block, "page_size", path, 1, numbers.DATA_TABLE_PAGE)
    rows = _rows(check, block, path, least=2, most=numbers.DATA_TABLE_ROWS)
    if len({len(row) for row in rows}) > 1:
        check.fail(f"{path}/rows", "all rows must have the same number of cells")
    if rows and any(isinstance(c, dict) and c.get("type") == "rich_text" for c in rows[0]):
        check.fail(f"{path}/rows/0", "rich_text cannot be used for header cells")


def _rows(check: Check, block: Json, path: str, *, least: int, most: int) -> list[list[Any]]:
    rows = block.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        check.fail(f"{path}/rows", "must be an array of arrays")
        return []
    if not least <= len(rows) <= most:
        check.fail(f"{path}/rows", f"between {least} and {most} rows required")
    for index, row in enumerate(rows):
        if not 1 <= len(row) <= numbers.TABLE_COLUMNS:
            most_columns = numbers.TABLE_COLUMNS
            check.fail(f"{path}/rows/{index}", f"between 1 and {most_columns} cells required")
        for column, cell in enumerate(row):
            _cell(check, cell, f"{path}/rows/{index}/{column}")
    return rows


def _cell(check: Check, cell: Any, path: str) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind not in _CELLS:
        check.fail(f"{path}/type", f"must be one of: {', '.join(_CELLS)}")
    elif kind == "rich_text":
        check_rich_text(check, cell, path)
    elif kind == "raw_text":
        check.string(cell, "text", path, numbers.TEXT_OBJECT, least=1, needed=True)
    elif not _is_number(cell.get("value")):
        check.fail(f"{path}/value", "must be a number")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_chart(check: Check, block: Json, path: str) -> None:
    """Check a chart."""
    check.keys(block, path, ("title", "chart"))
    check.string(block, "title", path, numbers.CHART_TITLE, least=1, needed=True)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        check.fail(path, "missing required field: chart")
        return
    at = f"{path}/chart"
    check.one_of(chart, "type", at, ("pie", "bar", "line", "area"), needed=True)
    if chart.get("type") == "pie":
        _points(check, chart, "segments", at, numbers.CHART_SERIES)
        return
    categories = _categories(check, chart, at)
    series = check.items(chart, "series", at, numbers.CHART_SERIES)
    for index, one in enumerate(series):
        check.string(one, "name", f"{at}/series/{index}", numbers.CHART_LABEL, least=1, needed=True)
        labels = _points(check, one, "data", f"{at}/series/{index}", numbers.CHART_POINTS)
        if not set(labels) <= set(categories):
            check.fail(f"{at}/series/{index}/data", "labels must be among the axis categories")
    check.unique([one.get("name") for one in series], f"{at}/series", "series name")


def _categories(check: Check, chart: Json, path: str) -> list[str]:
    config = chart.get("axis_config")
    if not isinstance(config, dict) or not isinstance(config.get("categories"), list):
        check.fail(path, "missing required field: axis_config")
        return []
    for key in ("x_label", "y_label"):
        check.string(config, key, f"{path}/axis_config", numbers.CHART_AXIS_LABEL)
    categories = [str(one) for one in config["categories"]]
    if any(len(one) > numbers.CHART_LABEL for one in categories):
        most = numbers.CHART_LABEL + 1
        check.fail(f"{path}/axis_config/categories", f"must be less than {most} characters")
    return categories


def _points(check: Check, part: Json, key: str, path: str, most: int) -> list[str]:
    points = check.items(part, key, path, most)
    for index, point in enumerate(points):
        at = f"{path}/{key}/{index}"
        check.string(point, "label", at, numbers.CHART_LABEL, least=1, needed=True)
        if not _is_number(point.get("value")):
            check.fail(f"{at}/value", "must be a number")
        elif key == "segments" and point["value"] <= 0:
            check.fail(f"{at}/value", "must be more than 0")
    return [str(point.get("label")) for point in points]


def check_card(check: Check, block: Json, path: str) -> None:
    """Check a card."""
    known = ("hero_image", "icon", "slack_icon", "title", "subtitle", "body", "actions", "subtext")
    check.keys(block, path, known)
    if not any(block.get(key) for key in ("hero_image", "title", "actions", "body")):
        check.fail(path, "one of hero_image, title, actions and body is required")
    check.text(block, "title", path, numbers.CARD_TITLE, kinds=BOTH)
    check.text(block, "subtitle", path, numbers.CARD_TITLE, kinds=BOTH)
    check.text(block, "body", path, numbers.CARD_BODY, kinds=BOTH)
    for key in ("hero_image", "icon"):
        if isinstance(block.get(key), dict):
            check_image(check, block[key], f"{path}/{key}")
    if "actions" in block:
        buttons = check.items(block, "actions", path, numbers.ACTIONS_ELEMENTS)
        for index, button in enumerate(buttons):
            check_element(check, button, f"{path}/actions/{index}", {"button"})
        check.unique([one.get("action_id") for one in buttons], f"{path}/actions", "action_id")


def check_carousel(check: Check, block: Json, path: str) -> None:
    """Check a row of cards, which modals do not take."""
    check.keys(block, path, ("elements",))
    if check.surface == "modal":
        check.fail(f"{path}/type", "carousel is not supported in modals")
    for index, card in enumerate(check.items(block, "elements", path, numbers.CAROUSEL_CARDS)):
        if card.get("type") != "card":
            check.fail(f"{path}/elements/{index}/type", "must be a card")
        else:
            check_card(check, card, f"{path}/elements/{index}")


def check_alert(check: Check, block: Json, path: str) -> None:
    """Check an alert, which only modals take."""
    check.keys(block, path, ("text", "level"))
    if check.surface != "modal":
        check.fail(f"{path}/type", "alert is supported in modals only")
    check.text(block, "text", path, numbers.ALERT_TEXT, kinds=BOTH, needed=True)
    levels = ("default", "info", "warning", "error", "success")
    check.one_of(block, "level", path, levels)
