package source

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode/utf32"
)

// names of people, by language: given name, family name, town.
var peopleIn = map[string]string{
	"German":     "Jürgen Müller Köln,Käthe Groß Nürnberg,Björn Schäfer Düsseldorf,Anja Weiß Gießen",
	"French":     "Hélène Lefèvre Orléans,François Benoît Besançon,Zoé Gérard Béziers,Noël Façade Nîmes",
	"Spanish":    "José Muñoz Málaga,María Núñez Córdoba,Iñigo Peña Cádiz,Ángel Ibáñez León",
	"Portuguese": "João Gonçalves Évora,Conceição Simões Guimarães,Inês Magalhães Covilhã,Luís Falcão Portimão",
	"Danish":     "Søren Kjær Århus,Bjørn Åkesson Tønder,Åse Nørgård Helsingør,Jørgen Sæther Næstved",
	"Swedish":    "Göran Åström Malmö,Åsa Sjöberg Östersund,Björn Hägg Västerås,Märta Öberg Luleå",
	"Polish":     "Łukasz Wiśniewski Kraków,Grażyna Dąbrowska Łódź,Michał Wójcik Gdańsk,Józef Żak Poznań",
	"Czech":      "Zdeněk Dvořák Plzeň,Luboš Šťastný Děčín,Tomáš Růžička Ústí,Jiří Němec Třebíč",
	"Hungarian":  "László Erdős Győr,Ágnes Kőszegi Székesfehérvár,Jenő Szűcs Pécs,Gábor Fűzfő Szőreg",
	"Croatian":   "Željko Đurić Šibenik,Ivan Čović Požega,Ana Perić Čakovec,Tomislav Žižić Đakovo",
	"Turkish":    "Ayşe Yılmaz İstanbul,Çağlar Şahin Muğla,Gökçe Işık Eskişehir,Uğur Öztürk Diyarbakır",
	"Lithuanian": "Jūratė Šimkutė Panevėžys,Vytautas Žukauskas Šiauliai,Rūta Čepaitė Kėdainiai,Eglė Mažeikaitė Ąžuolas",
	"Russian":    "Иван Петров Москва,Ольга Смирнова Казань,Сергей Кузнецов Омск,Юлия Щербакова Пермь",
	"Ukrainian":  "Олексій Шевченко Київ,Їжакевич Наталія Ірпінь,Євген Коваль Львів,Марія Бондаренко Чернігів",
	"Greek":      "Γιώργος Παπαδόπουλος Αθήνα,Μαρία Νικολάου Πάτρα,Ελένη Οικονόμου Βόλος,Νίκος Αγγέλου Χανιά",
	"Hebrew":     "דוד כהן ירושלים,רחל לוי חיפה,משה פרץ אילת,שרה מזרחי נתניה",
	"Arabic":     "محمد العلي القاهرة,فاطمة حسن بيروت,أحمد يوسف دبي,ليلى إبراهيم تونس",
	"Thai":       "สมชาย ใจดี กรุงเทพ,สมหญิง รักไทย เชียงใหม่,วิชัย มั่นคง ภูเก็ต,มาลี สุขใจ ขอนแก่น",
	"Japanese":   "太郎 山田 東京,花子 佐藤 大阪,さくら 鈴木 横浜,ケンジ 高橋 名古屋",
	"Chinese":    "伟 王 北京,芳 李 上海,秀英 张 广州,建国 刘 深圳",
	"Taiwanese":  "志明 陳 台北,春嬌 林 高雄,美玲 黃 臺中,家豪 張 新竹",
	"Korean":     "민준 김 서울,서연 이 부산,지우 박 인천,하은 최 대구",
}

// A file of four people in an encoding of their language is read as it was meant, without a doubt.
func TestBreadthOfEncodings(t *testing.T) {
	for _, c := range []struct{ language, codings string }{
		{"German", "windows-1252 macintosh ibm850"}, {"French", "windows-1252 iso-8859-15 macintosh ibm850"},
		{"Spanish", "windows-1252 macintosh ibm850"}, {"Portuguese", "windows-1252 macintosh ibm850"},
		{"Danish", "windows-1252 macintosh ibm850"}, {"Swedish", "windows-1252 macintosh ibm850"},
		{"Polish", "windows-1250 iso-8859-2 ibm852"}, {"Czech", "windows-1250 iso-8859-2 ibm852"},
		{"Hungarian", "windows-1250 iso-8859-2 ibm852"}, {"Croatian", "windows-1250 iso-8859-2"},
		{"Turkish", "windows-1254"}, {"Lithuanian", "windows-1257 iso-8859-13"},
		{"Russian", "windows-1251 koi8-r iso-8859-5 ibm866 x-mac-cyrillic"}, {"Ukrainian", "windows-1251 koi8-u"},
		{"Greek", "windows-1253 iso-8859-7"}, {"Hebrew", "windows-1255 iso-8859-8"}, {"Arabic", "windows-1256 iso-8859-6"},
		{"Thai", "windows-874"}, {"Japanese", "shift_jis euc-jp iso-2022-jp"}, {"Chinese", "gb18030"},
		{"Taiwanese", "big5"}, {"Korean", "euc-kr"},
	} {
		text := "user_id,email,first_name,last_name,Town\n"
		for i, one := range strings.Split(peopleIn[c.language], ",") {
			text += fmt.Sprintf("u%d,p%d@example.com,%s\n", i, i, strings.Join(strings.Fields(one), ","))
		}
		for _, coding := range append(strings.Fields(c.codings), "utf-8", "utf-16le", "utf-16be", "utf-32le") {
			t.Run(c.language+" "+coding, func(t *testing.T) {
				e, err := named(coding)
				if err != nil {
					t.Fatal(err)
				}
				if coding == "utf-32le" {
					e = utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
				}
				raw, err := e.NewEncoder().String(text)
				if err != nil {
					t.Fatal(err)
				}
				found := Detect([]byte(raw))
				as, err := named(found.Name)
				if err != nil {
					t.Fatal(err)
				}
				got, err := as.NewDecoder().String(raw[found.mark:])
				if err != nil || got != text || found.Doubt != "" {
					t.Errorf("taken for %s (%s):\n%s", found.Name, found.Doubt, got)
				}
			})
		}
	}
}
