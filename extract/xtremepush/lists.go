package xtremepush

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// List is what the name of a file says of everybody in it.
type List struct {
	Channel string // on which channel, "" for that of the address, all for every one
	Status  string // in a word of the consents
	Who     string // who they are, in words that the rules of consent know
}

const all = "*"

// What a list of people is about: the words of Who are read in the SQL of checks and staging.
var (
	refused     = List{"", "opted_out", "list of refusals"}
	refusedAll  = List{all, "opted_out", "list of refusals"}
	refusedMail = List{"email", "opted_out", "list of refusals"}
	refusedSMS  = List{"sms", "opted_out", "list of refusals"}
	unconfirmed = List{"email", "unconfirmed", "list of people who have not confirmed"}
	erasing     = List{all, "opted_out", "list of people to be erased"}
	died        = List{all, "opted_out", "list of people who died"}
	asking      = List{all, "unknown", "list of people who asked about their data"}
)

// Binds says whether the list is about more than messages: who is on it is asked about before anything is sent.
func (l List) Binds() bool { return l.Who == erasing.Who || l.Who == died.Who || l.Who == asking.Who }

// lists are the words of names of files that list people of one kind, without accents.
var lists = spread(map[string]List{
	`unsubscribe unsubscribes unsubscribed unsubscribers unsubs suppression suppressions suppressed opt_out
	opt_outs optout optouts opted_out abmeldungen abgemeldet abgemeldete abmelder austragungen desinscriptions
	desinscrits desabonnements desabonnes bajas disiscritti disiscrizioni afmeldingen uitschrijvingen
	descadastrados wypisani withdrawn_consent withdrawn_consents consent_withdrawn consent_withdrawals
	revoked_consent revoked_consents consent_revocations objections objectors widerspruche werbewiderspruche
	widersprueche werbewidersprueche oppositions liste_opposition opposition_commerciale revocas
	consenso_revocato`: refused,
	`bounces bounced bounce bounce_list bouncers hard_bounces hardbounces hard_bounce soft_bounces softbounces
	undeliverable undeliverables invalid_emails invalid_email_addresses bad_emails dead_emails complaints
	complainers spam_complaints spam_complainers spam_reports abuse_reports feedback_loop fbl do_not_email
	do_not_mail never_email dont_email cleaned_members cleaned_segment_export cleaned_subscribers no_newsletter
	no_mailings kein_newsletter`: refusedMail,
	`do_not_call do_not_text do_not_sms dont_call dont_text bloctel`: refusedSMS,
	`do_not_contact do_not_disturb dont_contact never_contact no_contact no_marketing dnc dnd blocklist
	block_list blocked blacklist black_list blacklisted blocklisted denylist deny_list denylisted stop_list
	stoplist stopliste stoppliste exclusion_list exclusions exclusiones lista_exclusion lista_de_exclusion
	liste_exclusion liste_repoussoir sperrliste sperrdatei werbesperre werbesperren kontaktsperre
	kontaktsperren keine_werbung pas_de_pub liste_noire liste_rouge lista_negra lista_nera lista_robinson
	robinson robinsonliste robinson_liste self_excluded selfexcluded self_exclusion self_exclusions
	selfexclusions gamstop spelpaus rofus selbstausschluss selbstsperre autoexcluidos autoexclusiones
	autoesclusi global_opt_outs lijst_niet_benaderen lista_wykluczen`: refusedAll,
	`unconfirmed unconfirmed_optin unconfirmed_opt_in pending_optin pending_opt_in pending_double_optin
	pending_double_opt_in pending_confirmation pending_doi doi_pending doi_offen doi_open offene_doi
	offene_optins awaiting_confirmation awaiting_doi not_confirmed not_yet_confirmed unbestatigt unbestaetigt
	unbestatigte unbestaetigte nicht_bestatigt nicht_bestaetigt non_confirmes non_confirme sin_confirmar
	no_confirmados non_confermati nao_confirmados niet_bevestigd niepotwierdzeni`: unconfirmed,
	`erasure_request erasure_requests erasures erased to_be_erased right_to_be_forgotten right_to_erasure rtbf
	forgotten gdpr_delete gdpr_deletes gdpr_deleted gdpr_deletion gdpr_deletions gdpr_forget gdpr_forgotten
	gdpr_erasure gdpr_erasures deletion_request deletion_requests delete_request delete_requests deletions
	deleted delete_list to_delete to_be_deleted scheduled_for_deletion pending_deletion data_deletion
	account_deletions anonymised anonymized loschantrag loschantrage loeschantrag loeschantraege loschliste
	loeschliste loschanfragen loeschanfragen loschbegehren loeschbegehren zu_loschen zu_loeschen geloscht
	geloescht geloschte geloeschte suppression_rgpd rgpd_suppression demande_suppression demandes_suppression
	demandes_de_suppression droit_a_l_oubli droit_oubli comptes_supprimes clients_supprimes a_supprimer
	solicitudes_supresion solicitudes_de_supresion derecho_al_olvido eliminados borrados cancellati
	diritto_all_oblio richieste_cancellazione verwijderverzoeken verwijderd recht_op_vergetelheid
	pedidos_exclusao pedidos_de_exclusao excluidos usunieci zadania_usuniecia`: erasing,
	`deceased deceaseds dead_customers dead_people deaths death_list died verstorben verstorbene decedes
	fallecidos deceduti overleden overledenen zmarli falecidos avlidna`: died,
	`gdpr_requests gdpr_request dsar dsars dsr dsrs subject_access_requests data_subject_requests data_requests
	privacy_requests sar_requests dsgvo_anfragen demandes_rgpd solicitudes_rgpd solicitudes_arco`: asking,
})

// stems are beginnings of long words that say the same; German and Dutch put them behind others.
var stems = spread(map[string]List{
	`unsub optout abmeldung abgemeldet widerspruech widerspruch sperrliste werbesperr desabonn desinscri
	disiscri descadastr afmelding uitschrijv wypisan`: refused,
	"hardbounc softbounc":                       refusedMail,
	"blacklist blocklist":                       refusedAll,
	"loschantr loeschantr loschanfr loeschanfr": erasing,
	"verstorben":                                died,
})

func spread(said map[string]List) map[string]List {
	each := map[string]List{}
	for words, list := range said {
		for _, w := range strings.Fields(words) {
			each[w] = list
		}
	}
	return each
}

// notLists are words beside these that make a name say something else.
var notLists = []string{"not", "non", "never", "un", "rate", "rates", "reasons", "links", "page", "pages", "template",
	"templates", "campaign", "campaigns", "stats", "statistics", "events", "event", "removed", "former", "resubscribed",
	"reactivated", "before", "without", "excluding", "except", "minus", "incl", "including", "inkl", "with", "and",
	"und", "no", "ohne", "nicht", "kein", "keine", "sans", "sin", "senza", "zonder", "niet", "nao", "bez", "ikke", "inte",
	"companies", "devices", "orders", "products", "notes", "segments", "files", "rules", "settings"}

// Listed says whether the name of a file says unmistakably that it lists people of one kind, and which.
func Listed(name string) (l List, is bool) {
	words := plainWords(name)
	best, from := 0, 0
	for i := range words {
		for n := 1; n <= 5 && i+n <= len(words); n++ {
			joined := strings.Join(words[i:i+n], "_")
			known, ok := lists[joined]
			if ok && n >= best && (!slices.Contains(broad, joined) || isPlain(words, joined)) {
				best, from, l, is = n, i, known, true
			}
		}
	}
	for i := 0; i < len(words) && !is; i++ {
		for stem, known := range stems {
			if strings.Contains(words[i], stem) {
				best, from, l, is = 1, i, known, true
			}
		}
	}
	for i, w := range words {
		if (i < from || i >= from+best) && slices.Contains(notLists, w) && !negated(words, i) {
			return List{}, false
		}
	}
	if c := channelOf(words); is && l.Channel == "" && c != "" {
		l.Channel = c
	}
	return l, is
}

// broad are words that say so only where the name says nothing else: deleted_items are no people.
var broad = []string{"deleted", "deletions", "erased", "forgotten", "died", "blocked", "exclusions", "bounce",
	"geloscht", "geloescht", "geloschte", "geloeschte", "verwijderd", "eliminados", "borrados", "cancellati",
	"excluidos", "to_delete", "robinson", "deaths", "fbl", "dnd", "objections", "oppositions", "exclusiones",
	"no_contact"}

// plain are words beside these that say nothing else of people.
var plain = []string{"list", "lists", "liste", "lista", "export", "exports", "file", "data", "all", "report", "emails",
	"email", "mail", "sms", "account", "accounts", "member", "members", "subscriber", "subscribers", "customer",
	"people", "persons", "client", "clients", "benutzer", "nutzer", "konten", "usuarios", "utenti", "csv", "xlsx",
	"final", "new", "crm", "xtremepush", "gdpr", "dsgvo", "rgpd"}

// isPlain says whether a name holds nothing but a list's own words, people, dates and the like.
func isPlain(words []string, own string) bool {
	people, _ := ByName("user_profiles")
	return !slices.ContainsFunc(words, func(w string) bool {
		return strings.Trim(w, "0123456789") != "" && !slices.Contains(strings.Split(own, "_"), w) &&
			!slices.Contains(plain, w) && !slices.Contains(people.Files, w)
	})
}

// negated says whether a word is part of another list's name: do not email and unsubscribed.
func negated(words []string, i int) bool {
	return i > 0 && words[i-1] == "do" && words[i] == "not"
}

// plainWords are the words of a name, without accents.
func plainWords(name string) []string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(name)))
	return strings.FieldsFunc(notWord.ReplaceAllString(bare, "_"), func(r rune) bool { return r == '_' })
}

// NamesPeople says whether the name of a file says that whole people are in it.
func NamesPeople(name string) bool {
	e, _ := ByName("user_profiles")
	return slices.ContainsFunc(plainWords(name), func(w string) bool { return slices.Contains(e.Files, w) })
}

// SaysGone says whether the name of a column says itself who was deleted, erased or died.
func SaysGone(header string) bool {
	folded := Fold(header)
	return slices.ContainsFunc([]string{"delet", "eras", "anonymi", "forgot", "deceas", "death", "losch", "lösch",
		"loesch", "verstorb"}, func(w string) bool { return strings.Contains(folded, w) })
}

// Says is what the list says of everybody in it, in a sentence.
func (l List) Says(channel string) string {
	on := "every channel"
	if channel != "" {
		on = channel
	} else if l.Channel != all && l.Channel != "" {
		on = l.Channel
	}
	switch l.Who {
	case refused.Who:
		return "its name says that these are refusals: everybody in it is opted out of " + on
	case unconfirmed.Who:
		return "its name says that these people have not confirmed: nobody in it counts as subscribed"
	}
	return "its name says that it is a " + l.Who + ": nobody in it counts as subscribed, and whoever is exported " +
		"besides is asked about before anything is sent"
}
