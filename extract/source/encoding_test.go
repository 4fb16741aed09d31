package source

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	polish  = "Łukasz,Wiśniewski,Kraków\nZdeněk,Dvořák,Plzeň\nGrażyna,Dąbrowska,Łódź\n"
	czech   = "Zdeněk,Dvořák,Plzeň\nLuboš,Šťastný,Děčín\n"
	magyar  = "László,Erdős,Győr\nÁgnes,Kőszegi,Székesfehérvár\nJenő,Szűcs,Budapest\n"
	western = "José,Muñoz,Málaga\nZoë,Müller,Köln\nFrançois,Lefèvre,Besançon\nJørgen,Sørensen,Århus\n"
	turkish = "Ayşe,Yılmaz,İstanbul\nÇağlar,Şahin,Muğla\nGökçe,Işık,Eskişehir\n"
	russian = "Иван,Петров,Москва\nОльга,Смирнова,Казань\n"
	greek   = "Γιώργος,Παπαδόπουλος,Αθήνα\nΜαρία,Νικολάου,Πάτρα\n"
	italian = "Niccolò,Forlì,città\nMarià,Cantù,è\n"
	iceland = "Þórður,Guðmundsson,Reykjavík\nBjörk,Þorláksdóttir,Ísafjörður\n"
)

// An encoding is told by how the text would look in it, from a few names on; where nothing is said the text
// that comes out is right.
func TestEncodingsAreToldByTheirText(t *testing.T) {
	head := "profile_id,user_id,email,first_name,last_name,city\n1,u1,a@example.com,"
	for name, c := range map[string]struct {
		in   encoding.Encoding
		text string
	}{
		"shift_jis": {japanese.ShiftJIS, "太郎,山田,東京\n花子,佐藤,大阪\n"},
		"euc-jp":    {japanese.EUCJP, "太郎,山田,東京\n花子,佐藤,大阪\nさくら,鈴木,横浜\n健一,高橋,名古屋\n"},
		"gb18030":   {simplifiedchinese.GB18030, "伟,王,北京\n芳,李,上海\n"}, "big5": {traditionalchinese.Big5, "志明,陳,台北\n春嬌,林,高雄\n"},
		"euc-kr": {korean.EUCKR, "민준,김,서울\n서연,이,부산\n"},
		"koi8-r": {charmap.KOI8R, russian}, "windows-1251": {charmap.Windows1251, russian},
		"ibm866": {charmap.CodePage866, russian}, "iso-8859-5": {charmap.ISO8859_5, russian},
		"windows-1253": {charmap.Windows1253, greek}, "windows-1250, Polish": {charmap.Windows1250, polish},
		"windows-1250, Czech":     {charmap.Windows1250, czech},
		"windows-1250, Hungarian": {charmap.Windows1250, magyar}, "iso-8859-2": {charmap.ISO8859_2, polish},
		"windows-1252": {charmap.Windows1252, western}, "iso-8859-1": {charmap.ISO8859_1, western},
		"macintosh": {charmap.Macintosh, western}, "windows-1254": {charmap.Windows1254, turkish},
		"Italian": {charmap.Windows1252, italian}, "Icelandic": {charmap.Windows1252, iceland},
		"one name": {charmap.Windows1252, "José,Kelly,Cork\n"},
		"signs":    {charmap.Windows1252, "“Ann”,‘so’ … „Cork“ – it’s,5 €…\n"},
		"a price":  {charmap.Windows1252, "Ann,£5,Cork – or “so”\n"},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := c.in.NewEncoder().Bytes([]byte(head + c.text))
			if err != nil {
				t.Fatal(err)
			}
			found := Detect(raw)
			text, err := named(found.Name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := text.NewDecoder().String(string(raw))
			if err != nil || got != head+c.text {
				t.Errorf("taken for %s (%s):\n%s", found.Name, found.Doubt, strings.TrimPrefix(got, head))
			}
			if found.Doubt != "" {
				t.Logf("a doubt: %s", found.Doubt)
			}
		})
	}
}

func TestTextEncodedTwiceIsNoticed(t *testing.T) {
	once := []byte("id,name\n1,José\n2,Müller\n3,Zoë\n")
	if found := Detect(once); found.Name != CodingUTF8 || found.Doubt != "" {
		t.Errorf("plain UTF-8: %+v", found)
	}
	again, err := charmap.Windows1252.NewDecoder().Bytes(once)
	if err != nil {
		t.Fatal(err)
	}
	if found := Detect(again); found.Name != CodingUTF8 || !strings.Contains(found.Doubt, "twice") {
		t.Errorf("got %+v", found)
	}
}
