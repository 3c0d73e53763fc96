"""Rules of the articles: who decides, how files and staff meet, what is rendered, what is advised, what is found."""

from . import Mutation

ARTICLES = (
    # --- Who may decide what ---------------------------------------------------------------------------------
    Mutation(
        "Nobody approves a text of their own, superusers included",
        "and not _may_sign_own(revision, user):",
        "and not _may_sign_own(revision, user) and not user.is_superuser:",
        "test_superusers_are_bound_by_the_same_table",
        "in_review",
    ),
    Mutation(
        "A text that was written on top of one's own is part one's own",
        "        todo += [family[pk].parent_id, family[pk].merged_id]",
        "        todo += [family[pk].merged_id]",
        "test_a_text_written_on_top_of_ones_own_is_part_ones_own",
    ),
    Mutation(
        "The only clinician approves a text of their own only after somebody else has read it",
        "return revision.decisions.filter(kind=KIND.READ).exclude(by=user).exists()",
        "return revision.decisions.exclude(by=user).exists()",
        "test_where_one_clinician_works_a_second_reader_lets_them_approve_their_own_text",
        "in_review",
    ),
    Mutation(
        "A text that went out as an urgent correction counts as unchecked",
        "return State.PUBLISHED if standing(decisions) else State.UNCHECKED",
        "return State.PUBLISHED if decisions else State.UNCHECKED",
        "test_everybody_may_do_what_the_table_says",
        "unchecked",
    ),
    Mutation(
        "A page is approved only by somebody who had this very page on screen",
        "had_it = Reading.objects.filter(revision=revision, by=by, page_digest=seen).exists()",
        "had_it = Reading.objects.filter(revision=revision, page_digest=seen).exists()",
        "test_nobody_signs_a_page_that_was_not_on_their_own_screen",
        "approve",
    ),
    Mutation(
        "Only somebody who says that they have read a page approves it",
        'if not had_it and not said.get("read"):',
        "if False:",
        "test_nobody_signs_a_page_that_was_not_on_their_own_screen",
        "approve",
    ),
    Mutation(
        "A scheduled page waits while it would not be what was approved",
        "if not _stands(schedule, article) or held.changed_since_approval(article, revision):",
        "if not _stands(schedule, article):",
        "test_a_schedule_waits_past_its_time_and_goes_on_once_it_is_confirmed",
    ),
    Mutation(
        "A page that would not be what was approved is not published",
        "if move.kind != KIND.CONFIRM and changed:",
        "if move.kind == KIND.SCHEDULE and changed:",
        "test_publish_now_waits_with_the_reason_until_it_is_confirmed",
        "rule",
    ),
    Mutation(
        "An urgent correction needs a text that readers see",
        'if article.live is None:\n        return "Readers see no text',
        'if False:\n        return "Readers see no text',
        "test_what_is_not_live_has_nothing_to_correct",
    ),
    Mutation(
        "An editor's urgent correction takes no warning away",
        "references = _references(before) - _references(after)",
        "references = _references(after) - _references(before)",
        "test_an_editor_adds_to_warnings_and_takes_none_away",
    ),
    Mutation(
        "An editor's urgent correction puts a clinical rule back, and gives it no new answer",
        "if rule is None or (key, rule.digest) not in cautious)",
        "if rule is None)",
        "test_on_a_clinical_rule_an_editor_only_restores_the_safe_side",
    ),
    Mutation(
        "A save takes nothing back without being asked",
        'if self.pending and is_new and not self.cleaned_data["take_back"]:',
        "if False:",
        "test_the_editor_says_it_before_saving_and_asks_once",
        "in_review",
    ),
    Mutation(
        "A version that was taken back is recorded",
        "self.head.decisions.create(kind=Decision.Kind.REPLACE, by=by)",
        "pass",
        "test_every_way_says_it_before_and_records_it",
        "by_saving",
    ),
    Mutation(
        "A rule that is newer than a live text stops no other",
        "if p.message not in known]",
        "]",
        "test_it_stops_nothing",
        "another_is_published",
    ),
    Mutation(
        "A change that breaks a live text is refused",
        "if broken and is_strict:",
        "if False and broken:",
        "test_a_page_that_points_at_what_is_taken_down_is_noticed",
    ),
    Mutation(
        "A scheduled text is not shown before its time",
        "Decision.objects.filter(kind=KIND.SCHEDULE, publish_at__lte=now,",
        "Decision.objects.filter(kind=KIND.SCHEDULE, publish_at__gte=now,",
        "test_a_text_is_shown_when_its_time_comes_and_not_before",
    ),
    # --- What a signature covers -----------------------------------------------------------------------------------
    Mutation(
        "A quoted part that has changed is not covered by a signature until a clinician has checked it",
        "if is_clinical(q) and _differ(checked, quotes, q))",
        "if is_clinical(q) and q in checked and _differ(checked, quotes, q))",
        "test_every_place_says_what_has_changed_whichever_way",
        "a sign more",
    ),
    Mutation(
        "Who publishes a text checks on other pages only what it changes",
        "[q for q in changed if old.get(q) != new.get(q)]",
        "changed",
        "test_publishing_checks_only_what_it_changes",
    ),
    Mutation(
        "Nobody checks a change of their own words on other pages",
        "if reason := denial_reason(quote, by):",
        'if reason := "":',
        "test_who_wrote_the_change_may_not_check_it_on_other_pages",
    ),
    # --- Files and staff edits -----------------------------------------------------------------------------------
    Mutation(
        "A file never replaces a text that a clinician has signed",
        "article.live is not None and article.live.digest == previous and not article.live.is_approved",
        "article.live is not None and article.live.digest == previous",
        "test_a_signed_text_is_never_replaced_by_a_file",
    ),
    Mutation(
        "A file for an article that staff began waits until a person has chosen",
        "if seen_before or article.head.digest != previous:",
        "if seen_before:",
        "test_a_file_for_an_article_born_in_the_admin_waits_for_a_person",
    ),
    Mutation(
        "A save on top of an older version of an article is refused",
        'if not Article.objects.filter(pk=self.pk, version=version).update(version=F("version") + 1):',
        'if not Article.objects.filter(pk=self.pk).update(version=F("version") + 1):',
        "test_a_stale_save_is_refused_and_changes_nothing",
    ),
    # --- Rendering -------------------------------------------------------------------------------------------------
    Mutation(
        "Raw HTML in a text is shown as words",
        'MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})',
        'MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST})',
        "test_ordinary_markdown_becomes_ordinary_html",
        "raw",
    ),
    Mutation(
        "Everything that is rendered goes through the cleaner of HTML",
        "        clean(html),\n        tuple(document.sections",
        "        html,\n        tuple(document.sections",
        "test_ordinary_markdown_becomes_ordinary_html",
        "break",
    ),
    Mutation(
        "A link leads by https, mailto or tel, or to a page of this site",
        'if re.match(r"(https|mailto|tel):", href):',
        'if re.match(r"(https?|mailto|tel):", href):',
        "test_a_mistake_is_refused_with_its_line_and_its_mend",
        "unsafe",
    ),
    Mutation(
        "Only the first use of a word in a text leads to the glossary",
        "if name in self._linked or not entry:",
        "if not entry:",
        "test_the_first_use_of_a_term_leads_to_the_glossary",
    ),
    # --- Roles of pages --------------------------------------------------------------------------------------------
    Mutation(
        "A page that the site needs cannot be retired",
        "    if move.kind == KIND.RETIRE and (needed := roles.needed_roles_of(article)):",
        "    if move.kind == KIND.RETIRE and (needed := []):",
        "test_a_role_that_the_site_needs_is_not_lost",
        "retire",
    ),
    Mutation(
        "A role is on one page",
        "        if others := sorted(owners[role] - {slug}):",
        "        if others := []:",
        "test_a_role_is_not_on_two_pages",
        "review",
    ),
    Mutation(
        "An import never loses a role that the site needs",
        "for role in NEEDED if now[role] and not owners[role]",
        "for role in () if now[role] and not owners[role]",
        "test_a_role_that_the_site_needs_is_not_lost",
        "old_files",
    ),
    Mutation(
        "A page points at pages whose address has changed since it was written",
        "    if renamed := set(page.links) - found.keys():",
        "    if renamed := set():",
        "test_after_every_article_is_renamed_everything_is_still_there",
        "staff",
    ),
    # --- Checks of the wording ------------------------------------------------------------------------------------
    Mutation(
        "A text for patients reads at grade 7 at most",
        "HIGHEST_GRADE = 7.0",
        "HIGHEST_GRADE = 8.0",
        "test_the_stand_ins_are_exactly_the_agreed_words",
    ),
    Mutation(
        "Words that promise are named",
        r"|\bpainless\w{0,9}|",
        "|",
        "test_words_that_promise_are_named_in_the_text_and_where_it_announces_itself",
    ),
    Mutation(
        "A number that is told twice is the same twice",
        "_AS_GOOD_AS_EQUAL = 0.15",
        "_AS_GOOD_AS_EQUAL = 0.95",
        "test_a_share_told_twice_is_the_same_twice",
    ),
    Mutation(
        "What claims something needs a source",
        "claim = _LASTS.search(sentence) or not _ASKS.search(sentence) and _FELT.search(sentence)",
        "claim = _LASTS.search(sentence)",
        "test_what_claims_something_needs_a_source",
    ),
    # --- Search ----------------------------------------------------------------------------------------------------
    Mutation(
        "Words of danger lead to the page on help first",
        "return first, numbers if first is None else [first, *(number for number in numbers if number != first)]",
        "return first, numbers",
        "test_the_passage_about_the_sign_comes_first_and_comfort_after_three_others",
    ),
    Mutation(
        "What a search result quotes is escaped",
        'return html + escape(text[done:end]) + (" …" if end < len(text) else "")',
        'return html + text[done:end] + (" …" if end < len(text) else "")',
        "test_markup_in_the_text_is_escaped",
    ),
    # --- Pictures --------------------------------------------------------------------------------------------------
    Mutation(
        "A picture is re-encoded, so that nothing but its pixels is stored",
        "return _made(kind, master, _pixels(_opened(master)))",
        "return _made(kind, sent, _pixels(_opened(master)))",
        "test_what_is_stored_was_made_here_and_holds_only_pixels",
    ),
    Mutation(
        "A picture that takes more memory to decode may have fewer pixels",
        "if image.width * image.height > (MOST_PIXELS_HEAVY if is_heavy else MOST_PIXELS):",
        "if image.width * image.height > MOST_PIXELS:",
        "test_what_takes_more_memory_may_have_fewer_pixels",
    ),
    # --- What is pasted ---------------------------------------------------------------------------------------
    Mutation(
        "Firefox offers the HTML with Ctrl+Shift+V too, which pastes plain text all the same",
        "  if (asPlain) {",
        "  if (false) {",
        "test_with_shift_the_plain_words_are_pasted",
        "firefox",
    ),
    Mutation(
        "What a merged cell holds is repeated in each place that it covered",
        "grid[top + down][left + right] ??= { text, cell };",
        'grid[top + down][left + right] ??= { text: down || right ? "" : text, cell };',
        "test_each_kind_of_paste",
        "a rowspan",
    ),
)
