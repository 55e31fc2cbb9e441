/** The emoji that agents write to customers, with the words by which they are found. A small choice of our own: nothing is fetched for it. */

import type { Language } from "../../texts/index.js";

export interface Sign {
  readonly sign: string;
  readonly names: Readonly<Record<Language, string>>;
}

/** One a line: the sign, then its English and its French words. */
const LINES = `
😀|grinning happy|sourire content
😃|smile happy|sourire heureux
😄|smile eyes|sourire yeux
😁|beaming grin|grand sourire
😅|sweat relief|sueur soulagement
😂|tears of joy laugh|larmes de joie rire
🙂|slight smile|léger sourire
🙃|upside down|à l'envers
😉|wink|clin d'œil
😊|blush smile|sourire rougissant
😇|angel innocent|ange innocent
😍|heart eyes love|yeux cœurs amour
🥰|hearts love|cœurs amour
😘|kiss|bisou
😋|yummy|miam
😎|cool sunglasses|cool lunettes
🤩|star struck wow|étoiles émerveillé
🥳|party celebrate|fête célébrer
🤔|thinking hmm|réfléchir
🤗|hug|câlin
🤭|oops giggle|oups
😐|neutral|neutre
😌|relieved|soulagé
😏|smirk|sourire en coin
😬|grimace awkward|grimace gêné
🙄|eye roll|yeux au ciel
😴|sleep tired|dormir fatigué
😷|mask sick|masque malade
🤒|fever sick|fièvre malade
😕|confused|confus
😟|worried|inquiet
🙁|frown|mécontent
😮|surprised wow|surpris
😳|flushed|gêné
🥺|pleading please|suppliant s'il te plaît
😢|cry sad|pleurer triste
😭|sob crying|sangloter
😤|frustrated|frustré
😡|angry|en colère
😱|scream shock|cri choc
🤦|facepalm|se frapper le front
🤷|shrug|haussement d'épaules
👍|thumbs up yes good|pouce oui bien
👎|thumbs down no bad|pouce bas non
👌|ok perfect|ok parfait
🙏|thanks please pray|merci s'il vous plaît
👏|clap bravo|applaudir bravo
🙌|hooray hands|hourra mains
👋|wave hello bye|salut bonjour au revoir
🤝|handshake deal|poignée de main accord
✌️|victory peace|victoire paix
🤞|fingers crossed luck|doigts croisés chance
💪|strong muscle|fort muscle
👉|right point|droite montrer
👈|left point|gauche montrer
👆|up point|haut montrer
👇|down point|bas montrer
👀|eyes look|yeux regarder
❤️|heart love red|cœur amour rouge
🧡|orange heart|cœur orange
💛|yellow heart|cœur jaune
💚|green heart|cœur vert
💙|blue heart|cœur bleu
💜|purple heart|cœur violet
💔|broken heart|cœur brisé
✨|sparkles|étincelles
⭐|star|étoile
🌟|glowing star|étoile brillante
🔥|fire hot|feu
💯|hundred perfect|cent parfait
🎉|party tada congratulations|fête félicitations
🎊|confetti|confettis
🎁|gift present|cadeau
🎂|birthday cake|gâteau anniversaire
🏆|trophy win|trophée gagner
🚀|rocket launch fast|fusée rapide
💡|idea light bulb|idée ampoule
✅|check done yes|coche fait oui
☑️|checked box|case cochée
❌|cross no wrong|croix non faux
❗|exclamation important|exclamation important
❓|question|question
⚠️|warning|attention avertissement
🚫|forbidden|interdit
ℹ️|information|information
🆗|ok button|bouton ok
🆕|new|nouveau
🔄|refresh again|actualiser encore
🔍|search look|chercher loupe
🔗|link|lien
🔒|locked secure|verrouillé sécurisé
🔑|key password|clé mot de passe
🔔|bell notification|cloche notification
📌|pin|épingle
📎|paperclip attachment|trombone pièce jointe
📝|note write|note écrire
📄|page document|page document
📦|package parcel delivery|colis livraison
🚚|truck delivery|camion livraison
✈️|plane travel|avion voyage
🚗|car|voiture
🏠|house home|maison
🏬|shop store|magasin
🛒|cart shopping|panier achats
🛍️|bags shopping|sacs achats
💳|card payment|carte paiement
💶|euro money|euro argent
💵|dollar money|dollar argent
🧾|receipt invoice|reçu facture
📧|e-mail|e-mail courriel
📞|phone call|téléphone appel
📱|mobile phone|téléphone mobile
💻|computer laptop|ordinateur
🖨️|printer|imprimante
📷|camera photo|appareil photo
🖼️|picture image|image
⏰|alarm clock|réveil
⌛|hourglass wait|sablier attendre
⏳|hourglass waiting|sablier en cours
📅|calendar date|calendrier date
🗓️|calendar schedule|agenda
☀️|sun|soleil
🌧️|rain|pluie
❄️|snow cold|neige froid
☕|coffee|café
🍵|tea|thé
🍕|pizza|pizza
🍀|luck clover|chance trèfle
🌸|flower blossom|fleur
🌍|earth world|terre monde
🐛|bug|bogue insecte
🤖|robot bot|robot
👤|person profile|personne profil
👥|people team|personnes équipe
`;

export const SIGNS: readonly Sign[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [sign = "", en = "", fr = ""] = line.split("|");
    return { sign, names: { en, fr } };
  });
