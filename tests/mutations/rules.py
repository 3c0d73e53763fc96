"""The rules of the product, each with the mutation that breaks it."""

from .rules_articles import ARTICLES
from .rules_enquiries import ENQUIRIES
from .rules_site import SITE

MUTATIONS = (*ARTICLES, *SITE, *ENQUIRIES)
