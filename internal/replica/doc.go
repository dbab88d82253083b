// Package replica is an arXiv on loopback: what the program is tried and tested against when the real one must be left
// in peace.
//
// A [Server] holds papers and answers as arXiv's machine interfaces do, oddities included:
//
//   - /api/query, the query API, in any [Shape] that its Atom feeds have had: ten results unless asked for more,
//     identifiers matched letter by letter and unknown ones left out silently, an order that is not the asked one, error
//     feeds that look like papers, 400, 406, 414 and 500 where arXiv has them;
//   - /oai, OAI-PMH: all six verbs, the formats oai_dc, arXiv, arXivOld and arXivRaw, readable resumption tokens,
//     errors with status 200; /oai2 redirects to it, as the old address does;
//   - /abs, /pdf, /html and /src, the pages that reading lists link to: redirects, 304, withdrawn papers, missing files;
//   - every other host, for a RoundTripper: an ordinary page for each address, or what [Options.Web] stages.
//
// Nothing dated later than [Options.Now] exists yet: a paper file can hold next week's replacement, and a test that moves
// its clock plays a week of nights. Faults ([ParseFault]) make any request slow, cut off, garbled, endless or refused.
//
// It serves real connections ([Serve], loopback only) or none at all: [Server.RoundTripper] answers in the calling
// goroutine, so that a whole program fits into a testing/synctest bubble (whose clock starts in the year 2000, before all
// papers: give Options.Now a later start).
//
// # What it follows
//
// The query API follows arXiv/arxiv-search (search/controllers/classic_api, search/serialize/atom.py,
// search/services/index/classic_api) and recorded answers; OAI-PMH follows arXiv/oaipmh (oaipmh/requests,
// oaipmh/processors, oaipmh/templates); identifiers follow arXiv/arxiv-base (arxiv/identifier); the pages follow
// arXiv/arxiv-browse (browse/routes, browse/controllers). The tests hold the answers against recorded ones.
//
// Known differences: texts are searched by plain words, not by Elasticsearch's analysis; dates of OAI-PMH records follow
// submissions and edits, not the announcement a day later; a range request is answered whole; date ranges in
// search_query are refused.
//
// # The paper file
//
// Papers come as JSON Lines, one [Paper] a line. The embedded file, landmarks.jsonl, holds the 64 papers of the landmark
// reading list: identifiers, titles, authors, categories, dates, comments and journal references as arXiv gives them;
// no abstract is copied. A version whose date, or whose other values, could not be confirmed to the second says
// "approximate": true: every version up to the newest known exists, so that histories have their true length, but the
// dates in between are made up, in order and on weekdays. Author lists of two papers stop at 200 names. A paper without
// abstract, size or submitter gets stand-ins: a sentence that says so, a made-up size, the first author's name.
package replica
