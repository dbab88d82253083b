package arxiv

import "strings"

// The words by which names are told apart, for all who read them: lists, citations, exports. All are in lower case.

// particles stand before a family name: "van der Maaten". Some people write them and some do not.
var particles = words(`van von der den de del della dello delle degli dei di da das dos do du des la las los le les ter ten te tot zu zum
	zur vom und af av bin ibn al el ap y e d' 't 's d’ ’t op in het auf dalla dal lo st mc`)

// suffixes stand behind a family name and are no part of it.
var suffixes = words(`jr jr. sr sr. jnr jnr. ii iii iv 2nd 3rd 4th`)

// organisations are words that mark an author who is no person. Family names that are also such words (Lab, Park, House) are not
// among them.
var organisations = words(`collaboration collaborations consortium team group project university institute institut laboratory
	laboratories labs research foundation community committee society association company corporation corp inc ltd gmbh llc network
	alliance initiative observatory council organization organisation agency center centre department school workshop survey
	workgroup taskforce authors contributors members behalf`)

// houses are further words in the names of houses, which may be family names as well, and the makers of models.
var houses = words(`ai lab college academy openai anthropic google deepmind meta facebook microsoft nvidia apple amazon alibaba qwen
	deepseek mistral baidu tencent bytedance huawei salesforce ibm huggingface eleutherai stanford berkeley mit cmu tsinghua kimi
	gemini gemma xai cohere stability bigscience allenai ai2 mosaicml databricks adobe samsung moonshot zhipu minimax xiaomi intel
	yandex`)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// IsParticle says whether a word in lower case stands before family names: "van", "de", "al".
func IsParticle(word string) bool { return particles[word] }

// IsNameSuffix says whether a word in lower case stands behind family names: "jr", "iii".
func IsNameSuffix(word string) bool { return suffixes[word] }

// MarksOrganisation says whether a word in lower case is in the names of organisations and in no person's.
func MarksOrganisation(word string) bool { return organisations[word] }

// MayMarkOrganisation is MarksOrganisation with the names of houses and with words that are family names too: good enough to keep
// a finding back, not to take a name for something.
func MayMarkOrganisation(word string) bool { return organisations[word] || houses[word] }
