"""The admin, for superusers: what an installation is made of, no resident's word."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from modeltranslation.admin import TranslationAdmin

from centers.models import Center, OutsideBody, Place, SpecialDay, Term
from concerns.models import Category, CategoryGroup

# The same door as everybody's: no way around the second factor.
admin.site.login = secure_admin_login(admin.site.login)

# What the packages register gives people's second factors and addresses away, and with
# them everybody's part: superusers read nothing.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)


@admin.register(Center, Place, OutsideBody, CategoryGroup, Category)
class ReferenceAdmin(TranslationAdmin):
    def has_delete_permission(self, request, obj=None):
        # The page that refuses to delete would list every concern that stands in the
        # way by its number, the hidden ones too.
        return False


admin.site.register([SpecialDay, Term])
