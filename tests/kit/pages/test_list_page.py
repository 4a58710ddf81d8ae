import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from lxml import html as lxml_html

from tests.kit.pages.reading import find, page
from thongsuot.kit.pages.models import ListPreference, SavedFilter

URL = "/thu/nguoi/"


def column(document, number=2):
    """Texts of a column of the table, by its place."""
    rows = find(document, "#list tbody tr") or find(document, "tbody tr")
    return [row.xpath("./*")[number - 1].text_content().strip() for row in rows]


def names(response):
    return column(page(response))


def test_the_page_does_not_exist_without_the_right(sign_in, make_people):
    make_people(1)
    assert sign_in("stranger").get(URL).status_code == 404
    assert sign_in("reader").get(URL).status_code == 200


def test_rows_come_in_the_order_of_the_query(reader, make_people):
    make_people("Nguyễn Văn An", "Đặng Thị Bé")
    assert names(reader.get(URL)) == ["Nguyễn Văn An", "Đặng Thị Bé"]


@pytest.mark.parametrize("text", ["dang be", "ĐẶNG", "Be\u0301", "đang  thi", "p-1"])
def test_search_without_accents(reader, make_people, text):
    make_people("Nguyễn Văn An", "Đặng Thị Bé")
    assert names(reader.get(URL, {"q": text})) == ["Đặng Thị Bé"]


def test_all_words_must_be_found(reader, make_people):
    make_people("Nguyễn Văn An", "Đặng Thị Bé")
    response = reader.get(URL, {"q": "dang xyz"})
    assert "Không có dòng nào khớp" in response.content.decode()


def test_search_takes_strange_text(reader, make_people):
    make_people("100%_chắc\\chắn")
    assert names(reader.get(URL, {"q": "100%_chac\\"})) == ["100%_chắc\\chắn"]
    assert reader.get(URL, {"q": "\x00'\"%"}).status_code == 200


def test_filter_and_its_chip(reader, make_people):
    make_people("Có")
    make_people("Không", is_active=False)
    response = reader.get(URL, {"is_active": "false"})
    assert names(response) == ["Không"]
    chip = find(page(response), ".ts-chip")[0]
    assert chip.text_content().split() == ["đang", "dùng:", "Không", "Bỏ", "điều", "kiện", "này"]
    assert chip.get("href") == "?all=1"


def test_chip_of_a_range_takes_both_ends_away(reader, make_people):
    make_people("An")
    today = timezone.localdate().isoformat()
    response = reader.get(URL, {"created_at_after": today, "q": "an"})
    assert names(response) == ["An"]
    hrefs = [chip.get("href") for chip in find(page(response), ".ts-chip")]
    assert hrefs == [f"?created_at_after={today}", "?q=an", "?all=1"]


def test_filter_with_nonsense_says_so(reader, make_people):
    make_people("An")
    document = page(reader.get(URL, {"kind": "9"}))
    assert find(document, ".ts-list-filters .ts-errors")


def test_sorting(reader, make_people):
    make_people("B", "C", "A")
    assert names(reader.get(URL, {"sort": "full_name"})) == ["A", "B", "C"]
    response = reader.get(URL, {"sort": "-full_name"})
    assert names(response) == ["C", "B", "A"]
    heads = {th.text_content().strip(): th.get("aria-sort") for th in find(page(response), "thead th")}
    assert heads["Họ tên"] == "descending"
    assert heads["Tài khoản"] == "none"


@pytest.mark.parametrize("sort", ["password", "email", "-email", "last_login", "full_name;drop", "--", "-"])
def test_only_columns_of_the_table_sort(reader, make_people, sort):
    make_people("B", "A")
    assert names(reader.get(URL, {"sort": sort})) == ["B", "A"]


def test_pages_and_their_size(reader, make_people):
    make_people(60)
    document = page(reader.get(URL))
    assert len(find(document, "tbody tr")) == 25
    assert "1–25 trong 60" in document.text_content()
    assert len(find(page(reader.get(URL, {"page": "3"})), "tbody tr")) == 10
    assert len(find(page(reader.get(URL, {"size": "50"})), "tbody tr")) == 50
    for odd in ({"size": "1000"}, {"size": "x"}, {"page": "0"}, {"page": "x"}):
        assert reader.get(URL, odd).status_code == 200
    assert len(find(page(reader.get(URL, {"page": "99"})), "tbody tr")) == 10


def test_no_row_is_on_two_pages(reader, make_people):
    make_people(*["Giống nhau"] * 60)
    seen = [
        name
        for number in (1, 2, 3)
        for name in column(page(reader.get(URL, {"sort": "-full_name", "page": str(number)})), 1)
    ]
    assert len(set(seen)) == 60


def test_counting_stops_at_the_cap(reader, make_people):
    make_people(230)
    text = page(reader.get(URL)).text_content()
    assert "hơn 200 dòng" in text
    assert "trong hơn 200" in text


def test_a_part_of_the_page_is_what_a_full_load_shows(reader, make_people):
    make_people(60)
    query = {"q": "người", "sort": "full_name", "page": "2"}
    whole = page(reader.get(URL, query)).get_element_by_id("list")
    answer = reader.get(URL, query, headers={"HX-Request": "true", "HX-Target": "list"})
    part = lxml_html.fragment_fromstring(answer.content.decode(), create_parent="div")

    def inner(element):
        text = "".join(lxml_html.tostring(child, encoding="unicode") for child in element)
        text = re.sub(r'value="[A-Za-z0-9]{64}"', "", text)
        return re.sub(r"\s+", " ", text).strip()

    assert inner(part) == inner(whole)
    assert answer["HX-Push-Url"] == f"{URL}?q=ng%C6%B0%E1%BB%9Di&sort=full_name&page=2"
    assert "HX-Request" in answer["Vary"]


def test_empty_states(reader, make_people):
    assert "Chưa có người nào" in reader.get(URL).content.decode()
    make_people("An")
    assert "Không có dòng nào khớp" in reader.get(URL, {"q": "zzz"}).content.decode()


def test_rows_open_their_details(reader, make_people):
    (person,) = make_people("An")
    head = find(page(reader.get(URL)), "tbody th")[0]
    assert head.get("scope") == "row"
    assert find(head, "a")[0].get("href") == f"{URL}{person.pk}/"


def test_cells_say_their_column_on_a_phone(reader, make_people):
    make_people("An")
    labels = [cell.get("data-label") for cell in find(page(reader.get(URL)), "tbody tr")[0]]
    assert labels == ["Tài khoản", "Họ tên", "Điện thoại", "Đang hoạt động", "Tạo lúc"]


def test_the_table_can_be_read_aloud(reader, make_people):
    make_people("An")
    document = page(reader.get(URL))
    assert find(document, "caption")[0].text_content() == "Danh sách người"
    assert all(th.get("scope") == "col" for th in find(document, "thead th"))


def test_create_button_only_for_those_who_may(sign_in, make_people):
    assert f'href="{URL}them/"' not in sign_in("reader").get(URL).content.decode()
    assert f'href="{URL}them/"' in sign_in("writer").get(URL).content.decode()


class TestColumns:
    def test_choosing(self, reader, make_people):
        make_people("An")
        reader.post(URL, {"do": "columns", "column": ["email", "full_name", "password"], "page_size": "50"})
        kept = ListPreference.objects.get()
        assert (kept.columns, kept.page_size, kept.page) == (["full_name", "email"], 50, "people:person-list")
        heads = [th.text_content().strip() for th in find(page(reader.get(URL)), "thead th")]
        assert heads == ["Họ tên", "Thư điện tử"]

    def test_back_to_the_beginning(self, reader, make_people):
        make_people("An")
        reader.post(URL, {"do": "columns", "column": ["email"]})
        reader.post(URL, {"do": "columns", "reset": "1"})
        assert len(find(page(reader.get(URL)), "thead th")) == 5
        assert ListPreference.objects.count() == 1

    def test_each_keeps_their_own(self, sign_in, make_people):
        make_people("An")
        sign_in("reader").post(URL, {"do": "columns", "column": ["email"]})
        assert len(find(page(sign_in("reader").get(URL)), "thead th")) == 1
        assert len(find(page(sign_in("writer").get(URL)), "thead th")) > 4


class TestSavedFilters:
    def save(self, client, query="q=an&page=3&is_active=", name="Của tôi", **more):
        return client.post(URL, {"do": "save-filter", "name": name, "query": query, **more})

    def test_saving_keeps_what_narrows(self, reader, make_people):
        make_people("An", "Bé")
        self.save(reader)
        saved = SavedFilter.objects.get()
        assert (saved.name, saved.query, saved.user_id) == ("Của tôi", "q=an", reader.user.pk)
        assert "Của tôi" in find(page(reader.get(URL)), ".ts-list-menu")[0].text_content()

    def test_same_name_overwrites(self, reader):
        self.save(reader)
        self.save(reader, query="q=be")
        assert SavedFilter.objects.get().query == "q=be"

    def test_no_name_is_refused(self, reader):
        assert "Hãy đặt tên" in reader.get(self.save(reader, name=" ")["Location"]).content.decode()
        assert not SavedFilter.objects.exists()

    def test_the_default_opens_with_the_page(self, reader, make_people):
        make_people("An", "Bé")
        self.save(reader, name="cũ", is_default="1")
        self.save(reader, query="q=be", is_default="1")
        response = reader.get(URL)
        assert (response.status_code, response["Location"]) == (302, f"{URL}?q=be")
        assert names(reader.get(URL, {"all": "1"})) == ["An", "Bé"]
        assert names(reader.get(URL, {"q": "an"})) == ["An"]

    def test_nobody_else_has_it(self, sign_in, make_people):
        make_people("An")
        self.save(sign_in("reader"), is_default="1")
        saved = SavedFilter.objects.get()
        other = sign_in("writer")
        assert "Của tôi" not in other.get(URL).content.decode()
        assert other.get(f"/trang/bo-loc/{saved.pk}/sua/").status_code == 404
        assert other.post(f"/trang/bo-loc/{saved.pk}/xoa/").status_code == 404
        assert SavedFilter.objects.exists()

    def test_own_page_renames_and_deletes(self, reader):
        self.save(reader)
        saved = SavedFilter.objects.get()
        assert "Của tôi" in reader.get("/trang/bo-loc/").content.decode()
        form = reader.get(f"/trang/bo-loc/{saved.pk}/sua/").content.decode()
        assert f"{URL}?q=an" in form
        reader.post(f"/trang/bo-loc/{saved.pk}/sua/", {"name": "Tên mới", "is_default": "on"})
        saved.refresh_from_db()
        assert (saved.name, saved.is_default) == ("Tên mới", True)
        assert reader.get(f"/trang/bo-loc/{saved.pk}/xoa/").status_code == 200
        assert reader.post(f"/trang/bo-loc/{saved.pk}/xoa/")["Location"] == "/trang/bo-loc/"
        assert not SavedFilter.objects.exists()


class TestBulk:
    def test_boxes_only_for_those_who_may(self, sign_in, make_people):
        make_people("An")
        assert not find(page(sign_in("reader").get(URL)), "input[name=pick]")
        assert len(find(page(sign_in("writer").get(URL)), "input[name=pick]")) == 1

    def test_runs_on_the_picked_rows(self, writer, make_people):
        _first, second, third = make_people("Một", "Hai", "Ba")
        outside = get_user_model().objects.create(username="other", full_name="x")
        keys = [second.pk, third.pk, outside.pk]
        response = writer.post(URL, {"do": "close", "pick": keys}, follow=True)
        assert "Đã khóa 2 tài khoản." in response.content.decode()
        closed = get_user_model().objects.filter(is_active=False)
        assert set(closed.values_list("username", flat=True)) == {"p-1", "p-2"}

    def test_a_refusal_is_told_and_changes_nothing(self, writer, make_people):
        people = make_people("Một", "Hai")
        response = writer.post(URL, {"do": "close", "pick": [p.pk for p in people]}, follow=True)
        assert "p-0 phải ở lại." in response.content.decode()
        assert not get_user_model().objects.filter(is_active=False).exists()

    def test_not_for_those_who_may_not(self, reader, make_people):
        _first, second = make_people("Một", "Hai")
        reader.post(URL, {"do": "close", "pick": [second.pk]})
        assert not get_user_model().objects.filter(is_active=False).exists()

    def test_nothing_picked(self, writer, make_people):
        make_people("Một")
        assert "Chưa chọn" in writer.post(URL, {"do": "close"}, follow=True).content.decode()
