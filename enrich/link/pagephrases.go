package link

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"syncer/arxiv"
)

// apologyWords is how few words a page has that only says it is sorry, or up for sale; a challenge has even fewer.
const apologyWords, challengeWords = 400, 150

// judgeWords looks at what a page calls itself.
func (p *Page) judgeWords(title, headline, start string) {
	says := phrasesIn(arxiv.Key(title))
	p.Apology = (says|phrasesIn(arxiv.Key(headline)))&apology != 0
	p.Parked = says&offer != 0 && p.Words < apologyWords // a long page is about selling domains
	challenged := says&challenge != 0 && p.Words < apologyWords
	if p.Words < apologyWords {
		says = phrasesIn(arxiv.Key(strings.ToValidUTF8(html.UnescapeString(start), " ")))
		p.Apology = p.Apology || says&apology != 0
		p.Parked = p.Parked || says&offer != 0
		challenged = challenged || says&challenge != 0 && p.Words < challengeWords
	}
	if challenged {
		p.Barrier = "challenge page"
	}
}

// What a phrase is a sign of.
const (
	apology = 1 << iota
	challenge
	offer
)

// The phrases as people write them; byFirstWord and unbroken have them as arxiv.Key gives them.
var phrases = map[int][]string{
	apology: {
		"404",
		"not found",
		"cannot be found",
		"cant be found",
		"could not be found",
		"couldnt be found",
		"cannot find",
		"cant find",
		"could not find",
		"couldnt find",
		"does not exist",
		"doesnt exist",
		"no longer exists",
		"no longer available",
		"page unavailable",
		"page has been removed",
		"nicht gefunden",
		"existiert nicht",
		"introuvable",
		"nexiste pas",
		"no encontrada",
		"no existe",
		"nao encontrada",
		"non trovata",
		"niet gevonden",
		"не найдена",
		"не существует",
		"找不到",
		"不存在",
		"見つかりません",
		"찾을 수 없습니다",
	},
	challenge: {
		"just a moment",
		"attention required cloudflare",
		"checking your browser",
		"verify you are human",
		"verifying you are human",
		"are you a robot",
		"are you a human",
		"not a robot",
		"unusual traffic",
		"ddos protection by",
		"ddos guard",
		"pardon our interruption",
		"security verification",
		"one more step",
		"enable javascript and cookies to continue",
		"access to this page has been denied",
		"making sure youre not a bot",
		"captcha",
	},
	offer: {
		"domain is for sale",
		"domain name is for sale",
		"domain may be for sale",
		"buy this domain",
		"domain is parked",
		"parked free",
		"parked domain",
		"this domain has expired",
		"domain for sale",
		"inquire about this domain",
		"domain steht zum verkauf",
		"ce domaine est a vendre",
	},
}

type phrase struct {
	text string
	sign int
}

// byFirstWord has the phrases of scripts with blanks by their first words, unbroken the others.
var byFirstWord, unbroken = func() (map[string][]phrase, []phrase) {
	byFirst, others := map[string][]phrase{}, []phrase(nil)
	for sign, texts := range phrases {
		for _, text := range texts {
			text = arxiv.Key(text)
			if r, _ := utf8.DecodeRuneInString(text); r >= firstIdeograph {
				others = append(others, phrase{text, sign})
				continue
			}
			first, _, _ := strings.Cut(text, " ")
			byFirst[first] = append(byFirst[first], phrase{text, sign})
		}
	}
	return byFirst, others
}()

// firstIdeograph is the first character of the scripts without blanks between words.
const firstIdeograph = 0x2e80

// phrasesIn says of what a text, as arxiv.Key gives it, has signs.
func phrasesIn(text string) (signs int) {
	for rest := text; rest != ""; {
		word, behind, _ := strings.Cut(rest, " ")
		for _, p := range byFirstWord[word] {
			if after, ok := strings.CutPrefix(rest, p.text); ok && (after == "" || after[0] == ' ') {
				signs |= p.sign
			}
		}
		rest = behind
	}
	for _, p := range unbroken {
		if strings.Contains(text, p.text) {
			signs |= p.sign
		}
	}
	return signs
}
