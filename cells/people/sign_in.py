"""Signing in: an account is read together with its person, in one query a request."""

from django.contrib.auth.backends import ModelBackend

from cells.people.models import User


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
