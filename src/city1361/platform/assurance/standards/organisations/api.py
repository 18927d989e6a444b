"""The door of organisations."""

from city1361.platform.assurance.standards.organisations.expanding import check_organisations
from city1361.platform.assurance.standards.organisations.loading import load_organisations
from city1361.platform.assurance.standards.organisations.models import Organisation, Post
from city1361.platform.assurance.standards.organisations.queries import (
    centres_of,
    command_centre,
    line_names,
    organisation,
    organisation_by_code,
    organisations,
    organisations_in,
    organisations_of_line,
    post,
    post_by_code,
    posts,
    posts_in,
    posts_of,
    town_centre,
)
from city1361.platform.assurance.standards.organisations.terms import (
    COMMAND_CENTRE,
    Category,
    OrganisationView,
    PostFunction,
    PostView,
)

__all__ = [
    "COMMAND_CENTRE",
    "Category",
    "Organisation",
    "OrganisationView",
    "Post",
    "PostFunction",
    "PostView",
    "centres_of",
    "check_organisations",
    "command_centre",
    "line_names",
    "load_organisations",
    "organisation",
    "organisation_by_code",
    "organisations",
    "organisations_in",
    "organisations_of_line",
    "post",
    "post_by_code",
    "posts",
    "posts_in",
    "posts_of",
    "town_centre",
]
