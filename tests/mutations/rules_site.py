"""Rules of the site around articles and enquiries: pages kept in memory, headers, limits, signing in, the clinic, settings."""

from . import Mutation

SITE = (
    # --- Pages that are kept in memory -------------------------------------------------------------------------
    Mutation(
        "Staff get no page from memory",
        '            or self._is_staffs(environ.get("HTTP_COOKIE", ""))\n',
        "",
        "test_what_is_not_the_same_for_everybody_goes_to_django",
    ),
    Mutation(
        "A page that sets a cookie is never kept",
        ' and "set-cookie" not in sent',
        "",
        "test_what_is_not_a_public_page_is_not_kept",
    ),
    Mutation(
        "No header says where the site is mounted",
        'forwarder_headers = ""\n',
        "",
        "test_no_header_changes_a_byte_of_a_page_that_is_kept",
    ),
    Mutation(
        "Each scheme and host has pages of its own",
        'return environ["wsgi.url_scheme"], host, path',
        "return host, path",
        "test_scheme_and_host_have_pages_of_their_own",
    ),
    # --- Headers and bodies ----------------------------------------------------------------------------------------
    Mutation(
        "No script runs that is not a file of ours",
        "\"script-src 'self'\",",
        "\"script-src 'self' 'unsafe-inline'\",",
        "test_every_answer_carries_every_security_header",
    ),
    Mutation(
        "A body is refused by its announced length before it is read",
        "if not (length.isascii() and length.isdigit()) or int(length) > limit:",
        "if not (length.isascii() and length.isdigit()):",
        "test_a_body_beyond_the_limit_is_refused_with_a_page",
    ),
    Mutation(
        "Only staff who are signed in may send more than a form",
        'if path.startswith("/admin/articles/") and held:',
        'if path.startswith("/admin/articles/"):',
        "test_only_signed_in_staff_may_send_more_than_a_form",
    ),
    # --- Signing in --------------------------------------------------------------------------------------------
    Mutation(
        "Thirty minutes without doing anything end a session",
        'return "idle" if now - session.get("seen", 0) >= IDLE else ""',
        'return "idle" if now - session.get("seen", 0) >= 2 * IDLE else ""',
        "test_thirty_minutes_without_doing_anything_or_twelve_hours_end_a_session",
        "idle",
    ),
    Mutation(
        "Twelve hours end a session, whatever was done",
        'if now - session.get("began", 0) >= LONGEST:',
        'if now - session.get("seen", 0) >= LONGEST:',
        "test_thirty_minutes_without_doing_anything_or_twelve_hours_end_a_session",
        "long",
    ),
    Mutation(
        "After ten tries for a name at an address there is a pause",
        "count__gte=self.limit.most",
        "count__gt=self.limit.most",
        "test_of_a_hundred_guesses_ten_are_looked_at_and_the_person_signs_in_from_elsewhere",
    ),
    Mutation(
        "Somebody who has set up a second factor is asked for its code on a local site too",
        "user.must_give_code = settings.PUBLIC or has_one(user)",
        "user.must_give_code = settings.PUBLIC",
        "test_on_a_local_site_it_is_offered_and_asked_of_whoever_took_it",
    ),
    Mutation(
        "A code of the second factor works once",
        "drift=check.drift, last_t=check.t())",
        "drift=check.drift)",
        "test_a_code_works_once",
    ),
    Mutation(
        "A page of the staff opens only to those who have its right",
        "if not request.user.has_perm(right):",
        "if not request.user.is_staff:",
        "test_reception_and_clinicians_take_nothing",
    ),
    # --- The clinic ------------------------------------------------------------------------------------------------
    Mutation(
        "Hours end after they begin",
        "closes <= opens",
        "closes < opens",
        "test_hours_end_after_they_begin",
    ),
    Mutation(
        "A public site gives out no example number",
        'return "" if settings.PUBLIC and self.phone_is_example else self.phone',
        'return "" if settings.PUBLIC and self.is_example else self.phone',
        "test_a_number_is_an_example_by_its_digits_or_by_what_it_belongs_to",
    ),
    Mutation(
        "The site does not open while anything is missing",
        "if missing := sum(not point.holds for point in checklist(by)):",
        "if (missing := sum(not point.holds for point in checklist(by))) > 1:",
        "test_with_one_thing_missing_it_does_not_open",
        "hours",
    ),
    Mutation(
        "A bank holiday of the clinic's nation is no working day",
        "if weekly and (name := bank_holidays(clinic.nation, day.year).get(day)):",
        'if weekly and (name := bank_holidays("ENG", day.year).get(day)):',
        "test_a_reply_is_due_at_the_end_of_a_working_day",
    ),
    Mutation(
        "What waits for a working day is counted from the last that has ended",
        "(closes := _closes(day, clinic)) and closes <= now",
        "_closes(day, clinic)",
        "test_the_last_working_day_is_the_last_that_has_ended",
    ),
    # --- Faults, rows that stay, settings --------------------------------------------------------------------------
    Mutation(
        "Static files are collected again when the class that stores them has changed",
        "    digest.update(Path(inspect.getfile(import_string(storage))).read_bytes())\n",
        "",
        "test_static_files_are_collected_again_when_what_makes_them_has_changed",
        "edit_the_storage",
    ),
    Mutation(
        "A crash report names the kind of a fault and never its words",
        'lines += [*traceback.format_tb(fault.__traceback__), f"{type(fault).__name__}\\n"]',
        'lines += [*traceback.format_tb(fault.__traceback__), f"{type(fault).__name__}: {fault}\\n"]',
        "test_a_crash_report_holds_nothing_of_the_person",
    ),
    Mutation(
        "No address that was asked for is in the log",
        'match.route if match else "?"',
        "request.path",
        "test_a_private_address_is_not_logged_when_its_page_faults",
    ),
    Mutation(
        "Rows that are written once are never removed",
        'if vendor == "postgresql" else ("update", "delete")',
        'if vendor == "postgresql" else ("update",)',
        "test_a_delete_is_refused",
        "staffevent",
    ),
    Mutation(
        "An https address makes cookies that travel by https only",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DEBUG",
        "test_a_public_site_has_every_protection",
    ),
)
