// Package fetch asks arXiv for metadata, politely, and says exactly what came of every question.
//
// arXiv has two machine interfaces for metadata, and this package speaks both:
//
//   - The query API (https://export.arxiv.org/api/query) answers with an Atom feed, up to a hundred papers or versions a
//     request here. [Client.Records] asks it and sorts every identifier into answered, missing or rejected.
//   - OAI-PMH (https://oaipmh.arxiv.org/oai) answers for one paper at a time, and is the only one to tell the version
//     history, the licence and whether a paper was withdrawn. [Client.Raw] asks it for the arXivRaw format.
//
// The terms of use (https://info.arxiv.org/help/api/tou.html) allow one request every three seconds and one connection
// at a time, over both interfaces and over all machines of one user. So there is one pacer (pace.go) for everything. It
// keeps the time of the last request in a small file and a lock on that file for as long as a request is going on, so
// that a second process waits its turn too. Every try pays: retries and redirects as well.
//
// What arXiv does under load is no single thing: 429 without Retry-After, 503 with Retry-After: 0, 406 for everybody,
// a plain text "Rate exceeded.", stalls of two minutes, cut connections. retry.go tells these apart and decides what is
// worth waiting for, and how long. A 403 is never argued with: it ends the run ([ErrRefused]).
//
// What the answers look like is in atom.go (three shapes of feed, as the server was replaced in November 2025) and
// oai.go. Both decoders take bytes that nobody vouches for: they are bounded in memory, in nesting and in time.
package fetch
