"""Rules of the enquiries: the form, how one arrives, who does and sees what, the mails, and how it goes."""

from . import Mutation

ENQUIRIES = (
    # --- The form ------------------------------------------------------------------------------------------------
    Mutation(
        "Somebody who asks for another person says who they are",
        '            for name in ("asker", "relation", "knows", "ring"):\n                self._need(name)',
        '            for name in ("asker", "relation", "ring"):\n                self._need(name)',
        "test_who_asks_for_someone_else_says_who_they_are",
    ),
    Mutation(
        "Nobody is taken without a way to reach them",
        "        if not phone and not email:\n",
        "        if phone is None and email is None:\n",
        "test_each_kind_of_mistake_has_its_own_words_that_say_how_to_fix_it",
    ),
    Mutation(
        "A phone number with too many digits is not cut to somebody else's",
        'return is_british and len(national) == 10 and national[0] in "123578"',
        'return is_british and national[0] in "123578"',
        "test_a_phone_number_is_never_cut_to_another_persons",
    ),
    Mutation(
        "Every page that shows the signs which cannot wait shows all of them",
        '{% for level in red_signs %}<div class="signs"',
        '{% for level in red_signs|slice:":2" %}<div class="signs"',
        "test_the_red_signs_stand_wherever_a_person_might_wait_for_us",
    ),
    # --- How it arrives --------------------------------------------------------------------------------------------
    Mutation(
        "Any tick means that a clinician rings first",
        'call=Enquiry.Call.OPEN if said["tell"] else "",',
        'call=Enquiry.Call.OPEN if len(said["tell"]) > 1 else "",',
        "test_any_tick_asks_for_a_call_and_does_nothing_else",
    ),
    Mutation(
        "A form that is sent again is the same enquiry",
        "submission_key=key,",
        "submission_key=uuid.uuid4(),",
        "test_the_same_form_sent_again_is_the_same_enquiry",
    ),
    Mutation(
        "What fills the hidden field is marked as a machine's",
        '    if posted.get(TRAP):\n        return "trap"\n',
        "",
        "test_a_machine_is_known_by_the_trap_or_by_its_haste",
    ),
    # --- Who does and sees what ----------------------------------------------------------------------------------
    Mutation(
        "A second save of the same version overwrites nothing",
        "    if enquiry.version != version:\n        raise StaleError\n    if problem := refusal",
        "    version = enquiry.version\n    if problem := refusal",
        "test_who_saves_second_is_told_and_overwrites_nothing",
        "note-claim",
    ),
    Mutation(
        "Of two who have read the same version and both write, one writes",
        "filter(pk=enquiry.pk, version=version, state=was).update",
        "filter(pk=enquiry.pk).update",
        "test_who_has_read_an_enquiry_before_the_other_wrote_is_told_and_overwrites_nothing",
        "claim",
    ),
    Mutation(
        "Nothing is booked before a clinician has said that it may be",
        'MAY_BE_BOOKED = ("", Call.MAY_BE_BOOKED)',
        'MAY_BE_BOOKED = ("", Call.MAY_BE_BOOKED, Call.ASK_GP)',
        "test_nothing_is_booked_but_what_a_clinician_lets_be_booked",
    ),
    Mutation(
        "Only clinicians print what was ticked",
        'SEE_TICKS = "enquiries.see_ticks"',
        'SEE_TICKS = "enquiries.work_on_enquiry"',
        "test_reception_prints_no_ticks",
    ),
    Mutation(
        "Nothing is shown where it cannot be written down who looked",
        'raise OperationalError("who looked could not be written down") from fault',
        "del fault",
        "test_nothing_is_shown_when_the_look_cannot_be_recorded",
    ),
    Mutation(
        "The private link opens nothing past its retention period",
        "Enquiry.objects.filter(link_hash=_digest(token), link_until__gt=timezone.now())",
        "Enquiry.objects.filter(link_hash=_digest(token))",
        "test_a_link_that_opens_nothing_does_not_say_why",
        "past",
    ),
    # --- Mails -------------------------------------------------------------------------------------------------
    Mutation(
        "The wait for another try doubles after each",
        "wait = FIRST_WAIT * 2**message.attempts",
        "wait = FIRST_WAIT * (1 + message.attempts)",
        "test_the_wait_doubles_and_the_tenth_refusal_is_the_last",
    ),
    Mutation(
        "The digest comes once for each working day",
        "or not Chore.is_due(CHORE, day):",
        "and not Chore.is_due(CHORE, day):",
        "test_it_comes_once_for_each_working_day_with_the_tick",
    ),
    # --- Exports -----------------------------------------------------------------------------------------------
    Mutation(
        "Every cell of an export is text",
        '<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(cell_text(text))}</t></is></c>',
        '<c s="{style}" t="str"><f>{escape(cell_text(text))}</f></c>',
        "test_all_are_text_in_the_file_and_nothing_in_it_acts",
    ),
    # --- How it goes ---------------------------------------------------------------------------------------------
    Mutation(
        "The clock never erases what is held",
        'Enquiry.objects.filter(spam | dealt_with).filter(hold_reason="").order_by("created_at")',
        'Enquiry.objects.filter(spam | dealt_with).order_by("created_at")',
        "test_what_is_held_is_never_erased_by_the_clock",
    ),
    Mutation(
        "An enquiry is kept for the clinic's own months",
        "return add_months(now, -Clinic.current().retention_months)",
        "return add_months(now, -6)",
        "test_the_clinics_own_months_count_to_the_second",
    ),
    Mutation(
        "An erasure takes every version of the answers",
        "    enquiry.all_answers.all().delete()\n",
        '    enquiry.all_answers.order_by("-at").first().delete()\n',
        "test_after_erasing_not_a_byte_of_it_is_in_the_database",
    ),
    Mutation(
        "A record without personal details keeps who did what",
        '    enquiry.events.update(note="", erased_at=now)\n',
        "    enquiry.events.all().delete()\n",
        "test_a_record_of_it_stays_with_dates_states_and_who_did_what",
    ),
    Mutation(
        "A clock that has jumped erases nobody",
        "return last is not None and abs(now - last) > MAX_GAP",
        "return last is not None and now - last < -MAX_GAP",
        "test_a_clock_that_jumps_400_days_erases_nobody_however_long_it_stays_there",
    ),
)
