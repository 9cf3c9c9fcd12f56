"""The main job with three log-ins: from three fields to the ceremony, and one more in every figure above."""

from playwright.sync_api import Page, expect

from tests.browser.reading import log_in, number_in, vote

BRANCH, WARD, CITY = "01.03", "01", "TU"
NAME = "Trần Thị Việc Chính"


def record(page: Page, deed: str, day: str, number: str = "") -> None:
    """Open the next step from the case's page, fill it in, send it."""
    page.get_by_role("main").get_by_role("link", name=deed).first.click()
    page.locator("[name=day]").fill(day)
    if number:
        page.locator("[name=number]").fill(number)
    page.get_by_role("main").get_by_role("button", name=deed).click()
    expect(page.locator(".message", has_text=day)).to_be_visible()


def admitted(page: Page, code: str) -> int:
    """The number admitted this year on the unit's dashboard, the same on its table and above its list."""
    page.goto(f"/don-vi/{code}/")
    tile = page.locator(".tile", has_text="Chỉ tiêu kết nạp").locator(".tile-number a")
    number = number_in(tile.inner_text().split(":")[-1].split("/")[0])
    tile.click()
    assert number_in(page.locator(".big-number b").inner_text()) == number
    page.goto(f"/don-vi/{code}/bang/admission-rate/")
    total = page.locator("tfoot tr").first.locator("[data-label='Kết nạp'], [data-label='Đã kết nạp']").first
    assert number_in(total.inner_text()) == number
    return number


def test_from_three_fields_to_one_more_in_every_figure(desk):
    secretary, committee, board = desk(), desk(), desk()
    log_in(secretary, "bi-thu-khu-pho")
    log_in(committee, "dang-uy-phuong")
    log_in(board, "ban-to-chuc")

    def counted() -> tuple[int, int, int]:
        return admitted(secretary, BRANCH), admitted(committee, WARD), admitted(board, CITY)

    before = counted()

    secretary.goto("/")
    secretary.get_by_role("link", name="Thêm quần chúng ưu tú").click()
    secretary.get_by_label("Họ và tên").fill(NAME)
    secretary.get_by_label("Ngày sinh").fill("1996")
    secretary.get_by_label("Ngày chi bộ họp giới thiệu").fill("05/01/2024")
    secretary.get_by_role("button", name="Ghi vào danh sách").click()
    expect(secretary.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    record(secretary, "Đưa vào danh sách cảm tình Đảng", "20/02/2024", "04-NQ/CB")
    record(secretary, "Ghi chứng nhận lớp nhận thức", "15/05/2024", "118")
    record(secretary, "Bắt đầu lập hồ sơ", "10/07/2024")
    secretary.get_by_role("link", name="Ghi giấy tờ").click()
    for box in secretary.locator("main input[type=checkbox]").all():
        box.check()
    secretary.get_by_role("button", name="Ghi giấy tờ").click()
    for place in (1, 2):
        introduced(secretary, place)
    expect(secretary.get_by_role("heading", name="Giấy tờ đã đủ")).to_be_visible()
    secretary.get_by_role("main").get_by_role("link", name="Ghi nghị quyết chi bộ").first.click()
    vote(secretary, "15/10/2024", "21-NQ/CB")
    expect(secretary.get_by_text("Đang chờ đảng ủy cơ sở")).to_be_visible()

    committee.goto("/")
    waiting = committee.locator(".task", has_text=NAME)
    waiting.get_by_role("link", name="Ghi nghị quyết đảng ủy").click()
    vote(committee, "15/10/2024", "77-NQ/ĐU", base=15)
    assert counted() == before

    find(board, NAME)
    record(board, "Ghi quyết định kết nạp", "15/10/2024", "512-QĐ/TU")
    assert counted() == tuple(number + 1 for number in before)

    find(secretary, NAME)
    record(secretary, "Ghi lễ kết nạp", "15/10/2024")

    board.goto(f"/don-vi/{BRANCH}/danh-sach/admitted/")
    row = board.get_by_role("row", name=NAME)
    expect(row).to_contain_text("15/10/2024")


def introduced(page: Page, place: int) -> None:
    """The member at `place` of the branch introduces."""
    page.get_by_role("main").get_by_role("link", name="Ghi người giới thiệu").click()
    page.locator("[name=person]").select_option(index=place)
    page.get_by_label("Nhận giới thiệu từ ngày").fill("01/08/2024")
    page.get_by_label("Cùng công tác").fill("01/03/2020")
    page.get_by_role("button", name="Ghi người giới thiệu").click()


def find(page: Page, name: str) -> None:
    """The case of `name` through the search at the top, without the marks."""
    page.get_by_role("searchbox").fill("tran thi viec chinh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
