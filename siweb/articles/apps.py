from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "siweb.articles"
    label = "articles"
