"""What people say about images."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Text
from accounts.api.paging import PageQuery, page_of, page_response
from accounts.queries.keyset import keyset_page
from accounts.roles import Scope
from assets.actions.commenting import (
    edit_comment,
    remove_comment,
    restore_comment,
    write_comment,
)
from assets.api.shapes import CommentSerializer
from assets.policies import COMMENT_LIMIT
from assets.queries.comments import comment_for, comments_of
from assets.queries.images import image_for


class CommentInput(Input):
    """What is said."""

    text = Text(max_length=COMMENT_LIMIT)


class ImageCommentsView(ApiView):
    """The comments on an image."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="comments_list", parameters=[PageQuery], responses=page_of(CommentSerializer)
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """List the comments on an image, the oldest first."""
        access = access_of(request)
        comments = comments_of(access, image_for(access, uid))
        query = read_query(request, PageQuery)
        page = keyset_page(comments, size=query["limit"], cursor=query["cursor"])
        return page_response(request, CommentSerializer, page.rows, page.cursor)

    @extend_schema(
        operation_id="comments_create", request=CommentInput, responses={201: CommentSerializer}
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Say something about an image."""
        access = access_of(request)
        image = image_for(access, uid)
        comment = write_comment(access=access, image=image, **read_body(request, CommentInput))
        return Response(CommentSerializer(comment).data, status=201)


class CommentView(ApiView):
    """One comment of one's own."""

    required_scopes = {"PATCH": Scope.ORGANIZE, "DELETE": Scope.ORGANIZE}

    @extend_schema(
        operation_id="comments_update", request=CommentInput, responses=CommentSerializer
    )
    def patch(self, request: Request, comment_id: int) -> Response:
        """Say it differently."""
        access = access_of(request)
        comment = comment_for(access, comment_id)
        edit_comment(access=access, comment=comment, **read_body(request, CommentInput))
        return Response(CommentSerializer(comment).data)

    @extend_schema(operation_id="comments_destroy", responses={204: None})
    def delete(self, request: Request, comment_id: int) -> Response:
        """Take it away; `restore` brings it back."""
        access = access_of(request)
        remove_comment(access=access, comment=comment_for(access, comment_id))
        return Response(status=204)


class CommentRestoreView(ApiView):
    """Undoing."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="comments_restore", request=None, responses=CommentSerializer)
    def post(self, request: Request, comment_id: int) -> Response:
        """Bring a removed comment of your own back."""
        access = access_of(request)
        comment = comment_for(access, comment_id)
        restore_comment(access=access, comment=comment)
        return Response(CommentSerializer(comment).data)
