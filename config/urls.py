"""Every address of the product; the apps own theirs."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config.sign_in import SignIn

handler404 = "config.not_found.not_found"

urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="login"),
    # signing out after the session ended is not a form to keep
    path("dang-xuat/", login_not_required(LogoutView.as_view()), name="logout"),
    path("quan-tri/", admin.site.urls),
    path("", include("cells.urls")),
    path("", include("membership.urls")),
    path("", include("targets.urls")),
    path("", include("reports.urls")),
]
