"""Make the practice manager, who makes all other accounts. Asks for a name and a password at the terminal."""

from getpass import getpass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from siweb.accounts.roles import MANAGERS

User = get_user_model()


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        if User.objects.filter(groups__name=MANAGERS, is_active=True).exists():
            raise CommandError("There is a practice manager already. They can make further accounts in the admin.")
        user = User(username=self._ask_username(), is_staff=True)
        user.first_name, user.last_name = input("First name: ").strip(), input("Last name: ").strip()
        user.set_password(self._ask_password(user))
        with transaction.atomic():
            user.save()
            user.groups.add(Group.objects.get(name=MANAGERS))
        self.stdout.write(self.style.SUCCESS(f"{user.username} is the practice manager. Sign in at /admin/."))

    def _ask_username(self):
        while True:
            username = input("Name to sign in with: ").strip()
            try:
                User._meta.get_field("username").clean(username, None)
            except ValidationError as problem:
                self.stderr.write(" ".join(problem.messages))
                continue
            if not User.objects.filter(username=username).exists():
                return username
            self.stderr.write("That name is taken. Choose another.")

    def _ask_password(self, user):
        while True:
            password = getpass("Password: ")
            try:
                validate_password(password, user)
            except ValidationError as problem:
                self.stderr.write(" ".join(problem.messages))
                continue
            if getpass("Password again: ") == password:
                return password
            self.stderr.write("The two were not the same. Try again.")
