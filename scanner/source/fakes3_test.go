package source

import (
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A fakeS3 speaks enough S3 for the tests: buckets, pages, ranges, conditions.
type fakeS3 struct {
	buckets map[string]map[string]string
	page    int             // keys in a page of a listing
	signed  bool            // refuses what is not signed
	listing bool            // with signed: anonymous listing works all the same
	objects bool            // with signed: anonymous reading works all the same
	region  string          // of all buckets; "" does not say
	cold    map[string]bool // keys in GLACIER
	asked   []string        // query of each listing
	before  func(w http.ResponseWriter, r *http.Request) bool
}

type s3Key struct {
	Key, LastModified, ETag, StorageClass string
	Size                                  int
}

type s3List struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	Name, EncodingType    string
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []s3Key
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.before != nil && f.before(w, r) {
		return
	}
	if f.region != "" {
		w.Header().Set("X-Amz-Bucket-Region", f.region)
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	anonymous := r.Header.Get("Authorization") == ""
	keys, exists := f.buckets[bucket]
	switch {
	case f.signed && anonymous && !(key == "" && f.listing) && !(key != "" && f.objects):
		f.refuse(w, 403, "AccessDenied")
	case !anonymous && f.region != "" && !strings.Contains(r.Header.Get("Authorization"), "/"+f.region+"/s3/"):
		f.refuse(w, 400, "AuthorizationHeaderMalformed")
	case r.Method == http.MethodHead && key == "":
	case bucket == "":
		fmt.Fprint(w, "<ListAllMyBucketsResult><Buckets>")
		for _, name := range sorted(f.buckets) {
			fmt.Fprintf(w, "<Bucket><Name>%s</Name></Bucket>", name)
		}
		fmt.Fprint(w, "</Buckets></ListAllMyBucketsResult>")
	case !exists:
		f.refuse(w, 404, "NoSuchBucket")
	case key == "":
		f.list(w, r, bucket, keys)
	default:
		f.get(w, r, keys, key)
	}
}

func (f *fakeS3) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>secret token abc</Message></Error>", code)
}

func (f *fakeS3) list(w http.ResponseWriter, r *http.Request, bucket string, keys map[string]string) {
	q := r.URL.Query()
	f.asked = append(f.asked, r.URL.RawQuery)
	out := s3List{Name: bucket, EncodingType: q.Get("encoding-type")}
	after := q.Get("start-after")
	if token, err := hex.DecodeString(q.Get("continuation-token")); err == nil && len(token) > 0 {
		after = string(token)
	}
	size := f.page
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil {
		size = min(size, n)
	}
	for _, key := range sorted(keys) {
		if !strings.HasPrefix(key, q.Get("prefix")) || key <= after {
			continue
		}
		if len(out.Contents) == size {
			out.IsTruncated = true
			break
		}
		class := "STANDARD"
		if f.cold[key] {
			class = "GLACIER"
		}
		shown := key
		if out.EncodingType == "url" {
			shown = url.QueryEscape(key)
		}
		out.Contents = append(out.Contents, s3Key{shown, dated.Format("2006-01-02T15:04:05.000Z"), etagOf(keys[key]), class, len(keys[key])})
		out.NextContinuationToken = hex.EncodeToString([]byte(key))
	}
	if !out.IsTruncated {
		out.NextContinuationToken = ""
	}
	w.Header().Set("Content-Type", "application/xml")
	xml.NewEncoder(w).Encode(out)
}

func (f *fakeS3) get(w http.ResponseWriter, r *http.Request, keys map[string]string, key string) {
	text, exists := keys[key]
	switch {
	case !exists:
		f.refuse(w, 404, "NoSuchKey")
	case f.cold[key]:
		f.refuse(w, 403, "InvalidObjectState")
	case text == broken:
		f.refuse(w, 403, "AccessDenied")
	default:
		w.Header().Set("ETag", etagOf(text))
		http.ServeContent(w, r, "", dated, strings.NewReader(text))
	}
}

func etagOf(text string) string { return fmt.Sprintf(`"%x-%x"`, len(text), len(strings.Fields(text))) }

func sorted[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// setCredentials sets those of the environment, or none.
func setCredentials(t *testing.T, id string) {
	t.Helper()
	none := t.TempDir() + "/none"
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": id, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_S3": "",
		"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}
