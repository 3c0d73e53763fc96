"""Tables made ready for small screens, where each row becomes a block and each cell says its column."""

from . import syntax


def ready(tokens, words_of):
    """The same tokens, one for one, with those of tables marked: column names, the first cell a row's name.

    `words_of` says what stands for a quote.
    """
    columns, column = [], 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            columns = []
        elif token.type == "tr_open":
            column = 0
        if token.type == "th_open":
            columns.append(syntax.plain(tokens[index + 1], words_of))
            yield _marked(token, scope="col")
        elif token.type == "td_open":
            column += 1
            if column == 1:
                yield _marked(token, "th", scope="row")
            else:
                yield _marked(token, **({"data-label": name} if (name := columns[column - 1]) else {}))
        elif token.type == "td_close" and column == 1:
            yield _marked(token, "th")
        else:
            yield token


def _marked(token, tag=None, **attributes):
    """A copy with these attributes only: the alignment that the parser writes as a style is dropped."""
    marked = token.copy()
    marked.tag, marked.attrs = tag or token.tag, attributes
    return marked
