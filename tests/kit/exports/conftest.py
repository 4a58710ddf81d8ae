from tests.kit.pages.conftest import make_people, people_site, reader, sign_in, writer

__all__ = ["make_people", "people_site", "reader", "sign_in", "writer"]
