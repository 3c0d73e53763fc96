"""A caller's enquiry at the real server: the same form many times at once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.enquiries.staff.test_phone_call import CALL
from tests.support.enquiring import ANSWERS
from tests.support.staffing import cookie_of
from tests.support.visiting import page_of, rows

pytestmark = pytest.mark.server


def test_a_call_that_is_saved_ten_times_at_once_is_one_enquiry_that_is_claimed_once(site):
    session = f"session={cookie_of(site, 'rita', 'Reception')}"
    form = site.get(CALL, Cookie=session)
    hidden = {name: page_of(form).fields()[name][0] for name in ("csrfmiddlewaretoken", "key")}
    token = re.search(r"csrf=\w+", form.headers["Set-Cookie"])[0]
    body = urlencode(
        ANSWERS | hidden | {"name": "Ten Presses", "phone": "0161 496 0999", "email": "ten.presses@example.org"},
        doseq=True,
    )
    headers = {"Cookie": f"{session}; {token}", "Content-Type": "application/x-www-form-urlencoded"}
    together = threading.Barrier(10)

    def press(_):
        together.wait()
        return site.get(CALL, method="POST", body=body, **headers)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(press, range(10)))
    assert [answer.status for answer in answers] == [302] * 10
    assert len({answer.headers["Location"] for answer in answers}) == 1
    [(enquiry,)] = rows(site, "SELECT enquiry_id FROM enquiries_answers WHERE name = 'Ten Presses'")
    verbs = rows(site, f"SELECT verb FROM enquiries_enquiryevent WHERE enquiry_id = '{enquiry}' ORDER BY id")
    assert [verb for (verb,) in verbs] == ["received", "claim"]
