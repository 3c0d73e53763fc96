"""The least that takes a form: a Django view that checks nothing and inserts one row, four columns of text.

It runs under the settings of tests.bench.barrow_server. `python -m tests.bench.barrow migrate` makes the table.
"""

import sys

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

application = get_wsgi_application()

from django.db import connection, models  # noqa: E402  only now are the settings ready


class Row(models.Model):
    name = models.TextField()
    phone = models.TextField()
    email = models.TextField()
    words = models.TextField()

    class Meta:
        app_label = "barrow"

    def __str__(self):
        return self.name


def take(request):
    if request.method == "POST":
        Row.objects.create(**{name: request.POST[name] for name in ("name", "phone", "email", "words")})
    status = 302 if request.method == "POST" else 200
    return HttpResponse(status=status, headers={"Location": "/enquire/sent/barrow/", "Content-Length": "0"})


urlpatterns = [re_path("", take)]

if __name__ == "__main__" and sys.argv[1:] == ["migrate"]:  # by that word the settings know that a file may be made
    with connection.schema_editor() as editor:
        editor.create_model(Row)
