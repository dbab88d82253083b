package fetch

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/arxiv"
)

// rawDate is the date layout of arXivRaw. Today's server pads the day to two digits and the one before March 2025 did
// not; time.RFC1123 takes only the first, this takes both.
const rawDate = "Mon, 2 Jan 2006 15:04:05 GMT"

// OAIError is an <error> of OAI-PMH (protocol section 3.6), which comes with status 200. For the code idDoesNotExist
// errors.Is(err, ErrUnknownPaper) holds.
type OAIError struct {
	Code    string // such as badArgument, idDoesNotExist, noRecordsMatch
	Message string
}

func (e *OAIError) Error() string { return fmt.Sprintf("OAI-PMH error %s: %s", e.Code, e.Message) }

// Is says whether target is what e's code means.
func (e *OAIError) Is(target error) bool {
	return target == ErrUnknownPaper && e.Code == "idDoesNotExist"
}

// OAIPage is what an OAI-PMH answer says beside its records.
type OAIPage struct {
	// Token asks for the next page of a list; empty on the last page and for GetRecord.
	Token string
	// Deleted are papers whose header is marked deleted. arXiv promises such marks and sends none today.
	Deleted []arxiv.ID
}

// ParseOAI reads an OAI-PMH answer in the arXivRaw format, GetRecord or a page of ListRecords, and hands each record to
// each as it is read, so that a page of thousands needs the memory of one. A bare <record> is read as well. The error is
// each's own, an *OAIError, or says what is wrong with the XML; records before it have been handed over by then.
func ParseOAI(r io.Reader, each func(arxiv.RawRecord) error) (OAIPage, error) {
	var page OAIPage
	d := xml.NewDecoder(r)
	var root string
	for {
		tok, err := d.Token()
		if err == io.EOF && root != "" {
			return page, nil
		}
		if err == io.EOF {
			return page, errors.New("the answer is no XML")
		}
		if err != nil {
			return page, fmt.Errorf("OAI-PMH answer: %w", err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		name := start.Name.Local
		if root == "" {
			if root = name; name != "OAI-PMH" && name != "record" {
				return page, fmt.Errorf("the answer is <%s> markup and no OAI-PMH", Clip(name))
			}
		}
		switch name {
		case "record":
			err = page.record(d, start, each)
		case "resumptionToken":
			err = d.DecodeElement(&page.Token, &start)
			page.Token = strings.TrimSpace(page.Token)
		case "error":
			var e struct {
				Code string `xml:"code,attr"`
				Text string `xml:",chardata"`
			}
			if err = d.DecodeElement(&e, &start); err == nil {
				err = &OAIError{Code: Clip(e.Code), Message: Clip(oneLine(e.Text))}
			}
		}
		if err != nil {
			return page, err
		}
	}
}

// oaiRecord is a <record> (protocol section 2.5) with arXivRaw metadata. Its acm-class is left where it is: the server
// writes the MSC class, or the word None, into it.
type oaiRecord struct {
	Header struct {
		Status     string   `xml:"status,attr"`
		Identifier string   `xml:"identifier"`
		Datestamp  string   `xml:"datestamp"`
		Sets       []string `xml:"setSpec"`
	} `xml:"header"`
	Raw *struct {
		ID        string `xml:"id"`
		Submitter string `xml:"submitter"`
		Versions  []struct {
			Number     string `xml:"version,attr"`
			Date       string `xml:"date"`
			Size       string `xml:"size"`
			SourceType string `xml:"source_type"`
		} `xml:"version"`
		Title      string `xml:"title"`
		Authors    string `xml:"authors"`
		Categories string `xml:"categories"`
		Comments   string `xml:"comments"`
		ReportNo   string `xml:"report-no"`
		MSCClass   string `xml:"msc-class"`
		JournalRef string `xml:"journal-ref"`
		DOI        string `xml:"doi"`
		License    string `xml:"license"`
		Abstract   string `xml:"abstract"`
	} `xml:"metadata>arXivRaw"`
}

func (p *OAIPage) record(d *xml.Decoder, start xml.StartElement, each func(arxiv.RawRecord) error) error {
	var x oaiRecord
	if err := d.DecodeElement(&x, &start); err != nil {
		return fmt.Errorf("OAI-PMH record: %w", err)
	}
	name := strings.TrimPrefix(strings.TrimSpace(x.Header.Identifier), "oai:arXiv.org:")
	if x.Header.Status == "deleted" {
		id, _, err := arxiv.Parse(name)
		if err != nil {
			return fmt.Errorf("OAI-PMH record %q: %w", Clip(name), err)
		}
		p.Deleted = append(p.Deleted, id)
		return nil
	}
	r, err := x.rawRecord()
	if err != nil {
		return fmt.Errorf("OAI-PMH record %q: %w", Clip(name), err)
	}
	return each(r)
}

func (x *oaiRecord) rawRecord() (arxiv.RawRecord, error) {
	if x.Raw == nil {
		return arxiv.RawRecord{}, errors.New("no arXivRaw metadata")
	}
	id, _, err := arxiv.Parse(strings.TrimSpace(x.Raw.ID))
	if err != nil {
		return arxiv.RawRecord{}, fmt.Errorf("identifier %q: %w", Clip(x.Raw.ID), err)
	}
	r := arxiv.RawRecord{
		ID:         id,
		Datestamp:  strings.TrimSpace(x.Header.Datestamp),
		Submitter:  oneLine(x.Raw.Submitter),
		License:    strings.TrimSpace(x.Raw.License),
		Title:      oneLine(x.Raw.Title),
		Authors:    oneLine(x.Raw.Authors),
		Abstract:   oneLine(x.Raw.Abstract),
		Comment:    oneLine(x.Raw.Comments),
		JournalRef: oneLine(x.Raw.JournalRef),
		DOI:        oneLine(x.Raw.DOI),
		Categories: strings.Fields(x.Raw.Categories),
		ReportNo:   oneLine(x.Raw.ReportNo),
		MSCClass:   oneLine(x.Raw.MSCClass),
	}
	for _, s := range x.Header.Sets {
		r.Sets = append(r.Sets, strings.TrimSpace(s))
	}
	for _, v := range x.Raw.Versions {
		number, err := strconv.Atoi(strings.TrimPrefix(v.Number, "v"))
		if err != nil || number < 1 {
			return arxiv.RawRecord{}, fmt.Errorf("version %q is no number", Clip(v.Number))
		}
		submitted, err := time.Parse(rawDate, strings.TrimSpace(v.Date))
		if err != nil {
			return arxiv.RawRecord{}, fmt.Errorf("date of version %d: %w", number, err)
		}
		r.Versions = append(r.Versions, arxiv.RawVersion{
			Number:     number,
			Submitted:  submitted,
			SizeKB:     sizeKB(v.Size),
			SourceType: strings.TrimSpace(v.SourceType),
		})
	}
	if len(r.Versions) == 0 {
		return arxiv.RawRecord{}, errors.New("no version")
	}
	slices.SortStableFunc(r.Versions, func(a, b arxiv.RawVersion) int { return a.Number - b.Number })
	return r, nil
}

// sizeKB reads "857kb"; -1 for anything else. "0kb" is a real size: it is rounded down.
func sizeKB(s string) int {
	digits, ok := strings.CutSuffix(strings.TrimSpace(s), "kb")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return -1
	}
	return n
}

// oneLine makes white space single blanks and leaves everything else as it is: arXivRaw text is raw TeX.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// singleRecord reads the answer to a GetRecord and sees to it that it is about the paper asked for.
func singleRecord(body []byte, id arxiv.ID) (arxiv.RawRecord, error) {
	var records []arxiv.RawRecord
	page, err := ParseOAI(bytes.NewReader(body), func(r arxiv.RawRecord) error {
		records = append(records, r)
		return nil
	})
	switch {
	case err != nil:
		return arxiv.RawRecord{}, err
	case len(records) == 1 && records[0].ID == id:
		return records[0], nil
	case len(records) == 0 && slices.Contains(page.Deleted, id):
		return arxiv.RawRecord{}, &OAIError{Code: "idDoesNotExist", Message: "the record is marked deleted"}
	}
	return arxiv.RawRecord{}, fmt.Errorf("the answer has %d records and not just that of %s", len(records), id)
}
