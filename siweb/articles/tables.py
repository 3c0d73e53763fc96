"""Tables made ready for small screens, where each row becomes a block and each cell says its column.

Such a table is no longer laid out as one, so its roles are written out: some browsers would forget them.
"""

from . import dialect

_ROLES = {"table_open": "table", "thead_open": "rowgroup", "tbody_open": "rowgroup", "tr_open": "row"}


def ready(tokens):
    """The same tokens, one for one, with those of tables marked: roles, column names, the first cell a row's name."""
    columns, column = [], 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            columns = []
        elif token.type == "tr_open":
            column = 0
        if token.type in _ROLES:
            yield _marked(token, role=_ROLES[token.type])
        elif token.type == "th_open":
            columns.append(dialect.plain(tokens[index + 1]))
            yield _marked(token, scope="col", role="columnheader")
        elif token.type == "td_open":
            column += 1
            if column == 1:
                yield _marked(token, "th", scope="row", role="rowheader")
            else:
                yield _marked(token, role="cell", **{"data-label": columns[column - 1]})
        elif token.type == "td_close" and column == 1:
            yield _marked(token, "th")
        else:
            yield token


def _marked(token, tag=None, **attributes):
    """A copy with these attributes only: the alignment that the parser writes as a style is dropped."""
    marked = token.copy()
    marked.tag, marked.attrs = tag or token.tag, attributes
    return marked
