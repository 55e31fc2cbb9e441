"""French: the words that say nothing in a question, and the words that people use for each other. Data, never code."""

from __future__ import annotations

_WORDS = """
a à afin ai aie aient ainsi alors an apres après as au aucun aucune aura aurai aurait aussi autre autres aux avais avait avant avec
avez avoir avons ayant b besoin bien bonjour bonsoir bonne c ca ça car ce ceci cela celle celles celui cependant ces cet cette ceux
chaque chez ci comment comme concernant d dans de deja déjà depuis des dit dites dois doit doivent donc dont du elle elles en encore
entre es est et etaient étaient etais étais etait était etant étant etc ete été etes êtes etre être eu eux faire fais fait faites faut
font hui i il ils j jai je jusqu jusque juste l la le les leur leurs lors lorsque lui m ma mais me meme même merci mes mettre moi moins
mon n ne ni non nos notre nous on ont ou où oui par parce pas pendant peu peut peuvent peux plus pour pourquoi pourrais pourrait pouvez
pouvoir puis puisque qu quand que quel quelle quelles quelqu quelque quelques quels qui quoi s sa sais sans savoir se selon sera serai
serait ses si sinon soit son sont sous suis sur svp t ta tel telle tels tes toi ton toujours tous tout toute toutes tres très tu un une
va vais vas veut veux via voici voila voilà vont vos votre voudrais voulez vous vouloir y
"""
STOP_WORDS = frozenset(_WORDS.split())

#: Each line: words and phrases that mean much the same to a customer.
SYNONYMS = """
remboursement, rembourser, récupérer argent, rendre argent, revoir argent
retour, retourner, renvoyer, rendre, ramener, rapporter
échange, échanger, remplacer, remplacement, à la place
annuler, annulation, arrêter, stopper
livraison, livrer, expédition, expédier, envoi, envoyer, acheminer
colis, paquet, carton
article, produit, marchandise, objet
transporteur, livreur, facteur, coursier
arriver, recevoir, venir, reçu
retard, délai, tarder, traîner, toujours rien, trop long
suivre, suivi, localiser, tracer, où se trouver
commande, achat, commander
acheter, achat, commander
payer, paiement, régler, règlement
carte bancaire, carte bleue, carte crédit, visa
refuser, refusé, échouer, rejeter, ne passe pas, décliner
débiter, prélever, prélèvement, prendre argent
deux fois, double, doublon
facture, reçu, justificatif
mot passe, identifiant, password, connexion
connexion, connecter, identifier, accéder
compte, profil
inscrire, inscription, créer compte, ouvrir compte
supprimer, effacer, fermer, clôturer, suppression
désabonner, désinscrire, newsletter, lettre information, publicité, spam
email, mail, courriel, mél
téléphone, appeler, téléphoner, mobile, portable
code promo, bon réduction, code réduction, coupon, promotion
remise, réduction, rabais, tarif dégressif
carte cadeau, chèque cadeau, bon cadeau
cassé, abîmé, endommagé, défectueux, brisé, fêlé, rayé, en morceaux
casser, panne, ne marche plus, ne fonctionne plus, tomber panne
erreur, faux, mauvais, tromper
manquant, perdu, égaré, manquer, disparaître
voler, vol, volé, perdu
absent, absence, pas chez moi, au travail
modifier, changer, corriger, mettre jour
adresse, domicile, déménager
taille, pointure, mesure, tailler, trop petit, trop grand
stock, disponible, disponibilité, rupture, épuisé
prévenir, avertir, alerter, informer
garantie, garantir
réparer, réparation
prix, coût, tarif, frais, coûter
port, frais port, frais livraison
gratuit, offert, sans frais
étranger, international, pays
taxe, tva, douane
contacter, joindre, parler, conseiller, humain, personne
magasin, boutique
horaire, ouverture, ouvert, heure
récupérer, retirer, retrait, chercher
données personnelles, vie privée, rgpd, informations, coordonnées
données, informations, coordonnées
plusieurs fois, échéance, mensualité, chaque mois, par mois, échelonner
cadeau, offrir, offert
emballage, emballer, papier cadeau
avis, commentaire, note, évaluation
délai, trop tard, combien temps, date limite
entreprise, société, professionnel
espèces, liquide, cash
pull, pull-over
laver, lavage, nettoyer, entretien, tache, machine
vis, pièce, pièces détachées
notice, mode emploi, instructions, montage
"""
