package sample

import "strings"

type names struct{ women, men, last []string }

func list(words string) []string { return strings.Fields(words) }

var (
	irish   = list("Byrne Murphy Kelly Doyle Walsh O'Brien Ryan Nolan Kennedy Lynch Murray Quinn Moore McCarthy Gallagher Doherty Kavanagh Brennan Burke Foley Flynn Hayes Hogan Keane Healy Reilly Tierney Whelan Power Moran Fahy Lacey Dunne Cullen Egan")
	english = names{
		list("Alice Amelia Aoife Beth Charlotte Ciara Clara Daisy Ella Emily Eva Freya Grace Hannah Imogen Isla Jane Katie Laura Lily Lucy Maeve Mia Niamh Nora Olivia Orla Poppy Rose Ruby Saoirse Sarah Sinead Sophie Zara"),
		list("Adam Aidan Alfie Arthur Ben Brian Cian Colm Conor Daniel Darragh David Declan Dylan Eoin Ethan Finn Fionn George Harry Isaac Jack James Kevin Leo Liam Luke Mark Niall Noah Oscar Patrick Ronan Sam Sean Thomas"),
		list("Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Turner Hill Scott Cooper Ward Morris King Watson Baker Allen Bennett Shah Begum Cole Marsh Pryce Whitlock Ashdown Hartley"),
	}
	german = names{
		list("Anna Emma Hannah Lena Lea Marie Mia Sophie Katharina Jana Ulrike Greta Jürgen-Anna"),
		list("Ben Felix Jonas Leon Lukas Max Paul Tim Jörg Günther Matthias Karl-Heinz"),
		list("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Weiß"),
	}
	french = names{
		list("Camille Chloé Élise Inès Jade Léa Louise Manon Zoé"), list("Adrien Gabriel Hugo Jules Louis Lucas Nathan Raphaël Théo"),
		list("Martin Bernard Dubois Petit Durand Leroy Moreau Lefèvre Roux Fournier Girard Bonnet François Mercier"),
	}
	spanish = names{
		list("Carmen Lucía María Paula Sara Sofía Valeria"), list("Álvaro Daniel Hugo Javier José Mateo Pablo"),
		list("García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Ruiz Núñez Ibáñez"),
	}
	dutch = names{
		list("Anouk Eva Fleur Julia Lotte Sanne Tess"), list("Bram Daan Finn Jesse Lars Sem Thijs"),
		[]string{"de Vries", "van den Berg", "Bakker", "Janssen", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "van Dijk"},
	}
	polish = names{
		list("Agnieszka Anna Hanna Julia Katarzyna Zofia"), list("Antoni Filip Jakub Jan Łukasz Szymon"),
		list("Nowak Kowalska Wiśniewski Wójcik Kamińska Lewandowski Zieliński Szymańska Dąbrowski"),
	}
)
