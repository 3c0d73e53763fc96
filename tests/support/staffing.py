"""Staff at a running site, in tests: `cookie_of(site, "edith", "Editors")` is the session of somebody who has signed in."""

_SIGN_IN = """
from django.contrib.auth.models import Group, User
from django.test import Client
user, _ = User.objects.get_or_create(username={name!r})
user.is_staff, user.first_name, user.last_name = True, {name!r}.title(), {role!r}[:-1]
user.save()
user.groups.set([Group.objects.get(name={role!r})])
client = Client()
client.force_login(user)
print(client.cookies["session"].value)
"""


def cookie_of(site, name, role):
    """The value of the session cookie of a member of staff, who is made where needed."""
    return site.manage("shell", "-v0", "-c", _SIGN_IN.format(name=name, role=role)).strip()
