package sample

import "strings"

// names of one language: common ones, and parts of which rarer surnames and streets are made, so
// that there is a long tail as there is among real people.
type names struct {
	women, men, last, towns []string
	lastFrom, lastTo        []string
	streetFrom, streetTo    []string
	streetFirst             bool // "rue de la Gare", not "Hauptstraße"
}

func list(words string) []string { return strings.Fields(words) }

func lines(words string) []string { return strings.Split(words, ", ") }

var english = names{
	women: list("Alice Amelia Anna Ava Beth Bridget Charlotte Chloe Clara Daisy Eleanor Ella Emily Emma Esther Eva " +
		"Evie Fiona Freya Georgia Grace Hannah Harriet Heidi Holly Imogen Iris Isabelle Isla Ivy Jane Jasmine Joan Julia " +
		"Katie Laura Leah Lily Lola Lucy Mabel Maria Martha Matilda Maya Megan Mia Millie Molly Nancy Naomi Nina Nora " +
		"Olive Olivia Penelope Phoebe Poppy Rachel Rebecca Robyn Rosa Rose Ruby Ruth Sadie Sarah Scarlett Sienna Sophie " +
		"Stella Tara Tess Thea Tilda Vera Violet Wendy Willow Yasmin Zara"),
	men: list("Aaron Adam Albert Alfie Andrew Archie Arthur Barnaby Ben Blake Brian Caleb Callum Charlie " +
		"Christopher Colin Daniel David Dexter Dominic Duncan Dylan Edward Elijah Eric Ethan Felix Finn Francis Frank " +
		"Freddie Gabriel George Gordon Graham Harry Harvey Henry Hugo Ian Isaac Jack Jacob James Jasper Joel Jonah Joseph " +
		"Joshua Jude Keith Kevin Leo Lewis Louis Lucas Luke Malcolm Marcus Mark Martin Matthew Max Michael Nathan Neil " +
		"Nicholas Noah Oliver Oscar Owen Patrick Paul Peter Philip Ralph Reuben Robert Roger Rory Samuel Sebastian Simon " +
		"Stanley Stephen Theo Thomas Toby Tom Victor Walter William Zachary"),
	last: list("Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White Edwards Hughes " +
		"Green Hall Lewis Harris Clarke Turner Hill Scott Cooper Ward Morris King Watson Baker Allen Bennett Shah Begum " +
		"Cole Marsh Pryce Hartley"),
	towns: lines("London, Leeds, Bristol, Glasgow, Cardiff, Norwich, Sheffield, York, Exeter, Derby, Dundee, " +
		"Swansea, Bath, Chester, Durham, Lincoln, Oxford, Reading, Salford, Truro, Wells, Preston, Stirling, " +
		"Hereford, Carlisle, Lancaster"),
	lastFrom: list("Ash Black Brad Brook Burn Clay Cran Dal Den East Elm Fair Gold Hale Hart Hath Ken Lang Long Mar " +
		"North Oak Pem Rad Red Rip Sand Shel Stan Thorn Wake West Whit Wood"),
	lastTo: list("bourne bridge bury by combe croft den field ford ham land ley low man mere more ridge shaw stead " +
		"stone ton well wick worth"),
	streetFrom: lines("Abbey, Acorn, Albert, Alma, Beech, Bridge, Castle, Chapel, Church, Cedar, Elm, Field, George, " +
		"Grange, Green, Grove, Harbour, Hawthorn, High, Hill, King's, Manor, Meadow, Mill, Oak, Orchard, Park, Priory, " +
		"Queen's, River, School, Spring, Station, Tower, Vine, West, Willow, Windsor, York"),
	streetTo: list("Avenue Close Crescent Drive Lane Park Place Road Street Terrace View Walk"),
}

var irish = names{
	women: list("Aisling Aoife Aine Bridget Caoimhe Ciara Cliona Deirdre Eimear Emer Eileen Fiona Gráinne Imelda " +
		"Kate Laoise Mairead Maeve Meabh Muireann Niamh Nora Nuala Oonagh Orla Orlaith Róisín Sadhbh Saoirse Shauna " +
		"Sinéad Siobhán Sorcha Una"),
	men: list("Aidan Barry Brendan Brian Cathal Cian Cillian Colm Conor Cormac Daithi Darragh Declan Dermot " +
		"Diarmuid Donal Eamon Eoin Fergal Fergus Fionn Kieran Killian Lorcan Malachy Niall Oisín Padraig Ronan " +
		"Ruairi Senan Tadhg Turlough"),
	last: list("Byrne Murphy Kelly Doyle Walsh O'Brien Ryan Nolan Kennedy Lynch Murray Quinn Moore McCarthy " +
		"Gallagher Doherty Kavanagh Brennan Burke Foley Flynn Hayes Hogan Keane Healy Reilly Tierney Whelan Power Moran " +
		"Fahy Lacey Dunne Cullen Egan"),
	towns: lines("Dublin, Cork, Galway, Limerick, Waterford, Sligo, Tralee, Ennis, Athlone, Drogheda, Dundalk, " +
		"Kilkenny, Wexford, Carlow, Navan, Tullamore, Letterkenny, Castlebar, Clonmel, Mullingar, " +
		"Arklow, Bray, Cobh, Westport"),
	lastFrom: list("Mac Mc O' Fitz Kil Mul Don Cor Gil Brod Con Dev Dun Fin Gar Hanl Kear Lan Mah Maher Rior"),
	lastTo: list("aghan alley ane ard aty avan eady eeney egan elly enan erney ery igan ilton innon ley nane nell " +
		"oran ovan owen ulty urran"),
	streetFrom: english.streetFrom, streetTo: english.streetTo,
}

var german = names{
	women: list("Anna Birgit Charlotte Claudia Dörte Emma Frieda Greta Hannah Heike Ida Jana Johanna Katharina " +
		"Kerstin Lea Lena Leonie Luise Marie Marlene Mia Petra Sabine Sophie Ulrike Ursula"),
	men: list("Anton Ben Bernd Dieter Emil Felix Fritz Günther Hannes Henrik Jens Jonas Jörg Jürgen Karl Klaus " +
		"Lars Leon Lukas Matthias Max Moritz Otto Paul Rainer Tim Uwe Wolfgang"),
	last: list("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer " +
		"Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Weiß"),
	towns: lines("Berlin, Hamburg, München, Köln, Leipzig, Bremen, Dresden, Erfurt, Freiburg, Kassel, Kiel, " +
		"Lübeck, Mainz, Münster, Rostock, Ulm, Würzburg, Trier"),
	lastFrom: list("Berg Birk Brand Eich Engel Fal Feld Grün Hagen Hart Hirsch Linden Loh Rosen Roth Sand Stein " +
		"Stern Tann Wald Wies Winkel"),
	lastTo: list("bach baum berger brand burg dorf eck felder hauer heim huber kamp mann meier müller rath thal weg"),
	streetFrom: list("Ahorn Bahnhof Berg Birken Brücken Buchen Eichen Feld Garten Goethe Haupt Kirch Linden Markt " +
		"Mozart Mühlen Rosen Schiller Schul Wald Wiesen"),
	streetTo: list("allee gasse platz ring straße weg"),
}

var french = names{
	women: list("Adèle Alice Camille Chloé Clara Élise Emma Estelle Inès Jade Jeanne Julie Léa Louise Lucie Manon " +
		"Margaux Mathilde Nathalie Sylvie Zoé"),
	men: list("Adrien Alain Antoine Arthur Baptiste Émile Étienne Gabriel Hugo Jean Jules Laurent Louis Lucas " +
		"Mathieu Nathan Noé Olivier Raphaël Théo Yves"),
	last: list("Martin Bernard Dubois Petit Durand Leroy Moreau Lefèvre Roux Fournier Girard " +
		"Bonnet François Mercier"),
	towns: lines("Paris, Lyon, Nantes, Besançon, Angers, Brest, Caen, Dijon, Lille, Metz, Nancy, Nîmes, Reims, " +
		"Rennes, Rouen, Tours, Toulouse"),
	lastFrom:   list("Beau Bel Bois Char Clair Cour Del Font Gran Haut Lam Mar Mont Pont Roche Saint Vaux Ville"),
	lastTo:     list("bert champ court din fort gny illon lieu mont nard pré rand ron teau val vert vin"),
	streetFrom: lines("rue, avenue, place, chemin, impasse"), streetFirst: true,
	streetTo: lines("de la Gare, des Tilleuls, du Moulin, de l'Église, des Lilas, du Port, Victor Hugo, de la Paix, des " +
		"Écoles, du Marché, de la Forêt, des Roses"),
}

var spanish = names{
	women: list("Alba Ana Carmen Claudia Elena Irene Isabel Laura Lucía María Marta Nuria Paula Pilar " +
		"Rocío Sara Sofía Valeria"),
	men: list("Adrián Alejandro Álvaro Carlos Daniel Diego Hugo Iván Javier Jorge José Luis Manuel " +
		"Mateo Pablo Raúl Sergio"),
	last: list("García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Ruiz Núñez Ibáñez"),
	towns: lines("Madrid, Sevilla, A Coruña, Málaga, Bilbao, Burgos, Cádiz, Córdoba, Granada, León, Murcia, " +
		"Oviedo, Toledo, Vigo, Zaragoza"),
	lastFrom:   list("Al Bar Cal Cam Del Esc Fuen Guer Her Lar Mon Nav Pal Ram Sal Tor Val Zam"),
	lastTo:     list("ano aro costa deras dero edo era ero illa ino miro nedo osa queda rado"),
	streetFrom: lines("Calle, Avenida, Plaza, Paseo"), streetFirst: true,
	streetTo: lines("Mayor, del Río, de la Luna, del Sol, Real, de las Flores, de la Fuente, San Juan, de " +
		"la Paz, Nueva, del Carmen"),
}

var dutch = names{
	women: list("Anouk Eva Femke Fleur Hanneke Iris Julia Lieke Lotte Maaike Noor Sanne Sofie Tess Wilma"),
	men:   list("Bas Bram Daan Finn Hendrik Jan Jesse Joost Lars Maarten Pieter Ruben Sem Thijs Wouter"),
	last:  lines("de Vries, van den Berg, Bakker, Janssen, Visser, Smit, Meijer, de Boer, Mulder, van Dijk"),
	towns: lines("Utrecht, Rotterdam, Groningen, Amersfoort, Arnhem, Breda, Delft, Haarlem, Leiden, " +
		"Nijmegen, Tilburg, Zwolle"),
	lastFrom:   list("Bos Dijk Groen Haar Hoog Kap Koe Lind Meer Oost Rose Schol Ver Water Wester Zand"),
	lastTo:     list("berg boer broek dam feld heide hoven huis kamp laan man meer stra veld wijk"),
	streetFrom: list("Dorps Molen Kerk School Dijk Linden Beuken Wilgen Haven Markt"),
	streetTo:   list("straat weg laan plein kade"),
}

var polish = names{
	women:      list("Agnieszka Anna Barbara Ewa Hanna Iwona Joanna Julia Karolina Katarzyna Magdalena Zofia"),
	men:        list("Adam Antoni Filip Grzegorz Jakub Jan Krzysztof Łukasz Marek Paweł Piotr Szymon"),
	last:       list("Nowak Kowalska Wiśniewski Wójcik Kamińska Lewandowski Zieliński Szymańska Dąbrowski"),
	towns:      lines("Kraków, Gdańsk, Łódź, Lublin, Poznań, Toruń, Wrocław, Szczecin, Katowice, Rzeszów"),
	lastFrom:   list("Brzez Cies Gór Jab Kal Lip Mal Olsz Pio Rud Sob Wit Zal"),
	lastTo:     list("ak czyk ecki ek iński owicz owski ski szewski"),
	streetFrom: lines("ulica, aleja"), streetFirst: true,
	streetTo: lines("Długa, Polna, Leśna, Słoneczna, Krótka, Szkolna, Ogrodowa, Lipowa, Brzozowa, Kwiatowa"),
}

// surname is a common one or one of the long tail.
func (n *names) surname(d *dice) string {
	if d.chance(350) {
		return d.pick(n.last)
	}
	from, to := d.pick(n.lastFrom), d.pick(n.lastTo)
	if strings.HasSuffix(from, "c") || strings.HasSuffix(from, "'") { // McAvan, O'Hanlon
		to = strings.ToUpper(to[:1]) + to[1:]
	}
	return from + to
}

// street with a house number.
func (n *names) street(d *dice, house string) string {
	from, to := d.pick(n.streetFrom), d.pick(n.streetTo)
	switch {
	case n.streetFirst:
		return house + " " + from + " " + to
	case n.streetTo[0] == english.streetTo[0]:
		return house + " " + from + " " + to
	default:
		return from + to + " " + house
	}
}
