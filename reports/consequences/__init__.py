"""结果运用: decisions taken because of confirmed findings, and the appeals against them."""

from .content import Restriction, RestrictionsContent, restrictions_content

__all__ = ["Restriction", "RestrictionsContent", "restrictions_content"]
