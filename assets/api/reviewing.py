"""From draft to decision."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Text
from accounts.api.paging import PageQuery, page_of, page_response
from accounts.queries.keyset import keyset_page
from accounts.queries.projects import project_for
from accounts.roles import Permission, Scope
from assets.actions.reviewing import reopen_image, review_image, submit_image, withdraw_image
from assets.api.shapes import ImageSerializer, ReviewSerializer
from assets.models import Image, Review
from assets.queries.images import image_for, reviews_of
from assets.queries.review_queue import pending
from assets.types import Decision


class DecisionInput(Input):
    """A decision on the picture that was looked at."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    sha256 = Text(
        min_length=64, max_length=64, help_text="The `sha256` of the picture that you looked at."
    )
    comment = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=Review.COMMENT_LIMIT,
        help_text="Needed to reject and to ask for changes; the maker reads it.",
    )


class SubmitView(ApiView):
    """Hand in."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="images_submit", request=None, responses=ImageSerializer)
    def post(self, request: Request, uid: UUID) -> Response:
        """Hand your own draft, or what came back for changes, to the reviewers."""
        access = access_of(request)
        image = submit_image(access=access, image=image_for(access, uid))
        return _answer(request, image)


class WithdrawView(ApiView):
    """Take back."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="images_withdraw", request=None, responses=ImageSerializer)
    def post(self, request: Request, uid: UUID) -> Response:
        """Take your own picture back before anybody has decided on it."""
        access = access_of(request)
        image = withdraw_image(access=access, image=image_for(access, uid))
        return _answer(request, image)


class ReviewView(ApiView):
    """Decide."""

    required_scopes = {"POST": Scope.REVIEW}

    @extend_schema(
        operation_id="images_review", request=DecisionInput, responses={200: ImageSerializer}
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Decide on somebody else's submitted picture. The first decision counts."""
        access = access_of(request)
        image = image_for(access, uid)
        values = read_body(request, DecisionInput)
        decision = Decision(values.pop("decision"))
        review_image(access=access, image=image, decision=decision, **values)
        return _answer(request, image)


class ReopenView(ApiView):
    """Decide again."""

    required_scopes = {"POST": Scope.REVIEW}

    @extend_schema(operation_id="images_reopen", request=None, responses=ImageSerializer)
    def post(self, request: Request, uid: UUID) -> Response:
        """Put a decided picture back into the queue; its history and its archive name stay."""
        access = access_of(request)
        image = reopen_image(access=access, image=image_for(access, uid))
        return _answer(request, image)


class ImageReviewsView(ApiView):
    """What was decided."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="reviews_list", parameters=[PageQuery], responses=page_of(ReviewSerializer)
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """List the decisions on an image, newest first."""
        access = access_of(request)
        reviews = reviews_of(access, image_for(access, uid))
        query = read_query(request, PageQuery)
        page = keyset_page(reviews, size=query["limit"], cursor=query["cursor"], descending=True)
        return page_response(request, ReviewSerializer, page.rows, page.cursor)


class ReviewQueueView(ApiView):
    """What waits for a decision."""

    required_scopes = {"GET": Scope.REVIEW}

    @extend_schema(
        operation_id="review_queue_list",
        parameters=[PageQuery],
        responses=page_of(ImageSerializer),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the pictures of a project that wait for your decision, the oldest first."""
        access = access_of(request)
        project = project_for(access, project_id)
        access.require(Permission.REVIEW_IMAGES, project.pk)
        query = read_query(request, PageQuery)
        waiting = pending(access, project.pk).select_related("created_by").defer("metadata")
        page = keyset_page(waiting, size=query["limit"], cursor=query["cursor"])
        return page_response(request, ImageSerializer, page.rows, page.cursor)


def _answer(request: Request, image: Image) -> Response:
    return Response(ImageSerializer(image, context={"request": request}).data)
