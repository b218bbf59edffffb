package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

//go:embed pages
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// asset is where a file of the desk is: its address changes with what it holds, so
// that a browser asks for it once and never has an old one.
func asset(name string) (string, error) {
	b, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return "/assets/" + name + "?v=" + hex.EncodeToString(sum[:8]), nil
}

// assets serves the style and the script, which change with the program alone.
func assets() http.Handler {
	files := http.FileServerFS(assetFiles)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r) // no listing
			return
		}
		w.Header().Set("Cache-Control", "max-age=300")
		if r.URL.Query().Has("v") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		files.ServeHTTP(w, r)
	})
}

type pages struct{ pages map[string]*template.Template }

// templates are read once; one that is broken breaks the build's tests.
var templates = sync.OnceValue(func() pages {
	funcs := template.FuncMap{"sentence": sentence, "asset": asset}
	shared := template.Must(template.New("").Funcs(funcs).ParseFS(pageFiles, "pages/shared/*.html"))
	out := pages{map[string]*template.Template{}}
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		t := template.Must(template.Must(shared.Clone()).ParseFS(pageFiles, f))
		out.pages[strings.TrimSuffix(path.Base(f), ".html")] = t
	}
	return out
})

// when shows a moment to the minute, in UTC.
func when(t *timestamppb.Timestamp) string {
	if t == nil {
		return "at an unknown time"
	}
	return t.AsTime().Format("2 January 2006, 15:04 UTC")
}

func day(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().Format("2 Jan 2006")
}

// stamp is a moment as machines read it.
func stamp(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().Format(time.RFC3339)
}

// sentence puts a capital before and a full stop behind.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}
