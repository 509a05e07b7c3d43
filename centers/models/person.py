import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ..logins import called, normalised
from ..references import new_reference
from .center import Center, Partner


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=normalised(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def find(self, login):
        """Return who signs in by an address, or a phone however written, or None."""
        return self.filter(called(normalised(login))).first()


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. One full name: «Жаанбай кызы Сезим» has no patronymic."""

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("phone"), unique=True, null=True, blank=True)
    full_name = models.CharField(_("full name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="ky"
    )
    uses_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When a link that a coordinator gave last opened this account to whoever had it.
    new_start_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False),
                name="user_has_email_or_phone",
            ),
        ]

    def __str__(self):
        return self.full_name


class Role(models.TextChoices):
    """What a member may do; the partner says whose side he is on."""

    COORDINATOR = "coordinator", _("coordinator")
    MEMBER = "member", _("member")
    INTAKE = "intake", _("intake person")
    CUSTODIAN = "custodian", _("custodian")
    OBSERVER = "observer", _("observer")


class MembershipQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def with_custodian(self):
        """Say of each in `has_custodian` whether its centre has one."""
        custodians = Membership.objects.live().filter(
            center=OuterRef("center"), role=Role.CUSTODIAN
        )
        return self.annotate(has_custodian=Exists(custodians))

    def shown(self):
        """Return those whom the centre's page names: they serve, and they agreed."""
        return self.live().filter(consented_on__isnull=False)


class Membership(models.Model):
    center = models.ForeignKey(Center, models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=11, choices=Role)
    position = models.CharField(_("position"), max_length=160, blank=True)
    # The centre's page names only who agreed to it.
    hours = models.CharField(_("contact hours"), max_length=200, blank=True)
    consented_on = models.DateField(null=True, blank=True)
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["partner__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_known"
            ),
            models.UniqueConstraint(
                fields=["center", "partner", "user", "role"],
                condition=Q(ended_at=None),
                name="one_live_membership_per_role",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"


def in_72_hours():
    return timezone.now() + timedelta(hours=settings.INVITATION_HOURS)


class LinkQuerySet(models.QuerySet):
    """Links that work once, for 72 hours; of each token only a hash is kept."""

    def usable(self):
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def find(self, token):
        """Return the usable link that a token opens, or None."""
        return self.usable().filter(token_hash=hash_token(token)).first()

    def expire(self):
        """Make these links worthless at once; return how many still opened."""
        return self.usable().update(expires_at=timezone.now())


def hash_token(token):
    return hashlib.sha256(token.encode()).hexdigest()


def new_token():
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """A link that makes a person a member."""

    center = models.ForeignKey(Center, models.CASCADE, related_name="invitations")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=11, choices=Role)
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    position = models.CharField(_("position"), max_length=160, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="ky"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_72_hours, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="", phone=""),
                name="invitation_has_email_or_phone",
            )
        ]

    def __str__(self):
        return f"{self.full_name}, {self.get_role_display()}"

    @property
    def mark(self):
        """What names it in an address: part of the hash, which opens nothing."""
        return self.token_hash[:16]

    @property
    def people(self):
        """Those it is for who have an account already: they only join."""
        return User.objects.filter(called(self.email, self.phone))
