package replica

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// formats are the metadata formats in the order in which the server lists them.
var formats = []string{"oai_dc", "arXiv", "arXivOld", "arXivRaw"}

// rawTime is the date of a version in arXivRaw: the day padded with a zero, as the server has written it since March 2025.
const rawTime = "Mon, 02 Jan 2006 15:04:05 GMT"

const xsi = "http://www.w3.org/2001/XMLSchema-instance"

// oaiText writes an element of a record; the templates escape in their own way.
func (m *markup) oaiText(level int, name, text string) {
	m.indent(level)
	m.WriteString("<" + name + ">" + jinjaText.Replace(xmlSafe(text)) + "</" + name + ">\n")
}

func (m *markup) oaiOptional(level int, name, text string) {
	if text != "" {
		m.oaiText(level, name, text)
	}
}

// header writes the header of a record; ListIdentifiers leaves out the sets of a category's other name (fetch_list.py,
// create_records).
func (m *markup) header(e edition, categories []string) {
	m.open(4, "header")
	m.oaiText(5, "identifier", "oai:arXiv.org:"+e.id)
	m.oaiText(5, "datestamp", e.day())
	for _, category := range categories {
		m.oaiText(5, "setSpec", setSpec(category))
	}
	m.close(4, "header")
}

// record writes one record (templates/record_formats.xml).
func (m *markup) record(e edition, format string) {
	m.open(3, "record")
	m.header(e, withAliases(e.categories))
	m.open(4, "metadata")
	switch format {
	case "arXivRaw":
		m.arXivRaw(e)
	case "arXiv":
		m.arXiv(e)
	case "arXivOld":
		m.arXivOld(e)
	default:
		m.dublinCore(e)
	}
	m.close(4, "metadata")
	m.close(3, "record")
}

// formatRoot opens a record of one of arXiv's own formats.
func (m *markup) formatRoot(name string) {
	namespace := "http://arxiv.org/OAI/" + name + "/"
	m.start(5, name, []string{"xmlns", namespace, "xmlns:xsi", xsi,
		"xsi:schemaLocation", namespace + " https://oaipmh.arxiv.org/OAI/" + name + ".xsd"})
	m.WriteString(">\n")
}

// wrongACMClass reproduces an error of the server's templates: in arXiv and arXivRaw the element acm-class holds the MSC
// class, or the word None when there is none.
func (e edition) wrongACMClass() string {
	switch {
	case e.acmClass == "":
		return ""
	case e.mscClass == "":
		return "None"
	}
	return e.mscClass
}

// arXivRaw is the format with the version history; its texts are as typed, in TeX.
func (m *markup) arXivRaw(e edition) {
	current := e.current()
	m.formatRoot("arXivRaw")
	m.oaiText(6, "id", e.id)
	m.oaiText(6, "submitter", e.submitterName())
	for _, v := range e.versions {
		m.start(6, "version", []string{"version", "v" + strconv.Itoa(v.Version)})
		m.WriteString(">\n")
		m.oaiText(7, "date", v.Submitted.UTC().Format(rawTime))
		m.oaiText(7, "size", strconv.Itoa(e.sizeKB(v))+"kb")
		m.oaiOptional(7, "source_type", v.SourceType)
		m.close(6, "version")
	}
	m.oaiText(6, "title", texAccents(current.Title))
	m.oaiText(6, "authors", authorLine(current.Authors))
	m.oaiText(6, "categories", strings.Join(e.categories, " "))
	m.oaiOptional(6, "comments", texAccents(current.Comment))
	m.oaiOptional(6, "proxy", e.proxy)
	m.oaiOptional(6, "report-no", e.reportNo)
	m.oaiOptional(6, "acm-class", e.wrongACMClass())
	m.oaiOptional(6, "msc-class", e.mscClass)
	m.oaiOptional(6, "journal-ref", texAccents(e.journalRef))
	m.oaiOptional(6, "doi", strings.Join(e.doi, " "))
	m.oaiOptional(6, "license", e.license)
	m.oaiOptional(6, "abstract", texAccents(e.abstract(current)))
	m.close(5, "arXivRaw")
}

// arXiv is the format with authors taken apart. Its <created> is the date of the current version, whatever its schema
// says; affiliations are not given.
func (m *markup) arXiv(e edition) {
	current := e.current()
	m.formatRoot("arXiv")
	m.oaiText(6, "id", e.id)
	m.oaiText(6, "created", current.Submitted.UTC().Format(time.DateOnly))
	m.oaiText(6, "updated", e.day())
	m.open(6, "authors")
	for _, author := range current.Authors {
		keyname, forenames, suffix := splitName(author.Name)
		m.open(7, "author")
		m.oaiText(8, "keyname", keyname)
		m.oaiOptional(8, "forenames", forenames)
		m.oaiOptional(8, "suffix", suffix)
		m.close(7, "author")
	}
	m.close(6, "authors")
	m.oaiText(6, "title", current.Title)
	m.oaiText(6, "categories", strings.Join(e.categories, " "))
	m.oaiOptional(6, "comments", current.Comment)
	m.oaiOptional(6, "proxy", e.proxy)
	m.oaiOptional(6, "report-no", e.reportNo)
	m.oaiOptional(6, "msc-class", e.mscClass)
	m.oaiOptional(6, "acm-class", e.wrongACMClass())
	m.oaiOptional(6, "journal-ref", e.journalRef)
	m.oaiOptional(6, "doi", strings.Join(e.doi, " "))
	m.oaiOptional(6, "license", e.license)
	m.oaiOptional(6, "abstract", e.abstract(current))
	m.close(5, "arXiv")
}

func (m *markup) arXivOld(e edition) {
	current := e.current()
	m.formatRoot("arXivOld")
	m.oaiText(6, "id", e.id)
	m.oaiText(6, "title", texAccents(current.Title))
	m.oaiText(6, "authors", authorLine(current.Authors))
	m.oaiText(6, "categories", strings.Join(e.categories, " "))
	m.oaiOptional(6, "comments", texAccents(current.Comment))
	m.oaiOptional(6, "proxy", e.proxy)
	m.oaiOptional(6, "report-no", e.reportNo)
	m.oaiOptional(6, "msc-class", e.mscClass)
	m.oaiOptional(6, "acm-class", e.acmClass)
	m.oaiOptional(6, "journal-ref", texAccents(e.journalRef))
	m.oaiOptional(6, "doi", strings.Join(e.doi, " "))
	m.oaiOptional(6, "abstract", texAccents(e.abstract(current)))
	m.oaiOptional(6, "license", e.license)
	m.close(5, "arXivOld")
}

// dublinCore is oai_dc: names instead of codes, the dates of the first and the current version, two addresses since
// March 2026.
func (m *markup) dublinCore(e edition) {
	current := e.current()
	m.start(5, "oai_dc:dc", []string{"xmlns:oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/", "xmlns:xsi", xsi,
		"xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/oai_dc/ https://www.openarchives.org/OAI/2.0/oai_dc.xsd"})
	m.WriteString(">\n")
	m.oaiText(6, "dc:title", current.Title)
	for _, author := range current.Authors {
		keyname, forenames, suffix := splitName(author.Name)
		if suffix != "" {
			keyname += " " + suffix
		}
		if forenames != "" {
			keyname += ", " + forenames
		}
		m.oaiText(6, "dc:creator", keyname)
	}
	var subjects []string
	for _, category := range withAliases(e.categories) {
		if name := categoryName(category); !slices.Contains(subjects, name) {
			subjects = append(subjects, name)
		}
	}
	for _, subject := range append(subjects, e.mscClass, e.acmClass) {
		m.oaiOptional(6, "dc:subject", subject)
	}
	m.oaiText(6, "dc:description", e.abstract(current)+" ")
	m.oaiOptional(6, "dc:description", current.Comment)
	m.oaiText(6, "dc:date", e.first().Submitted.UTC().Format(time.DateOnly))
	if len(e.versions) > 1 {
		m.oaiText(6, "dc:date", current.Submitted.UTC().Format(time.DateOnly))
	}
	m.oaiText(6, "dc:type", "text")
	m.oaiText(6, "dc:identifier", "https://arxiv.org/abs/"+e.id)
	m.oaiText(6, "dc:identifier", "http://arxiv.org/abs/"+e.id)
	m.oaiOptional(6, "dc:identifier", e.journalRef)
	if len(e.doi) > 0 {
		m.oaiText(6, "dc:identifier", "doi:"+strings.Join(e.doi, " "))
	}
	m.close(5, "oai_dc:dc")
}

func (m *markup) listFormats(values url.Values) *oaiError {
	query := oaiParams{{"verb", "ListMetadataFormats"}}
	if !only(values, "verb", "identifier") {
		return &oaiError{code: "badArgument", reason: "Only allowed parameters are verb, identifier"}
	}
	if values.Has("identifier") {
		if _, failed := oaiIdentifier(values.Get("identifier")); failed != nil {
			return failed // whether the paper exists is not asked: every paper has every format
		}
		query = query.with("identifier", values.Get("identifier"))
	}
	m.request(query)
	m.WriteString("    <ListMetadataFormats>\n")
	for _, prefix := range formats {
		schema, namespace := "https://oaipmh.arxiv.org/OAI/"+prefix+".xsd", "http://arxiv.org/OAI/"+prefix+"/"
		if prefix == "oai_dc" {
			schema, namespace = "https://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"
		}
		m.open(4, "metadataFormat")
		m.oaiText(5, "metadataPrefix", prefix)
		m.oaiText(5, "schema", schema)
		m.oaiText(5, "metadataNamespace", namespace)
		m.close(4, "metadataFormat")
	}
	m.WriteString("    </ListMetadataFormats>\n")
	return nil
}

func (m *markup) listSets(values url.Values) *oaiError {
	switch {
	case values.Has("resumptionToken") && len(values) > 2:
		return &oaiError{code: "badArgument", reason: "No other paramters allowed with resumptionToken"}
	case values.Has("resumptionToken"):
		return &oaiError{code: "badArgument", reason: "Invalid token"} // none is ever given out
	case len(values) > 1:
		return &oaiError{code: "badArgument", reason: "No other parameters allowed"}
	}
	m.request(oaiParams{{"verb", "ListSets"}})
	m.WriteString("    <ListSets>\n")
	for _, s := range allSets() {
		m.open(4, "set")
		m.oaiText(5, "setSpec", s.spec)
		m.oaiText(5, "setName", s.name)
		m.close(4, "set")
	}
	m.WriteString("    </ListSets>\n")
	return nil
}

// identify states what the repository is; the policies are arXiv's.
func (m *markup) identify() {
	m.request(oaiParams{{"verb", "Identify"}})
	m.WriteString(`    <Identify>
        <repositoryName>arXiv</repositoryName>
        <baseURL>` + oaiBase + `</baseURL>
        <protocolVersion>2.0</protocolVersion>
        <adminEmail>help@arxiv.org</adminEmail>
        <earliestDatestamp>` + earliest.Format(time.DateOnly) + `</earliestDatestamp>
        <deletedRecord>persistent</deletedRecord>
        <granularity>YYYY-MM-DD</granularity>
        <description>
            <eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints" xmlns:xsi="` + xsi +
		`" xsi:schemaLocation="http://www.openarchives.org/OAI/1.1/eprints http://www.openarchives.org/OAI/1.1/eprints.xsd">
                <content>
                    <text>Author self-archived e-prints</text>
                </content>
                <metadataPolicy>
                    <text>Metadata harvesting permitted through OAI interface</text>
                    <URL>https://info.arxiv.org/help/oa/metadataPolicy.html</URL>
                </metadataPolicy>
                <dataPolicy>
                    <text>Full-content harvesting not permitted (except by special arrangement)</text>
                    <URL>https://info.arxiv.org/help/oa/dataPolicy.html</URL>
                </dataPolicy>
                <submissionPolicy>
                    <text>Author self-submission preferred, submissions screened for appropriateness.</text>
                    <URL>https://info.arxiv.org/help/submit/index.html</URL>
                </submissionPolicy>
            </eprints>
        </description>
    </Identify>
`)
}
