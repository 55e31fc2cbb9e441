"""The small words of a language, which say little of what a customer wants: grammar, courtesy, and talk about talking."""

from __future__ import annotations

from typing import Final

STOPWORDS: Final[dict[str, str]] = {
    "en": """a about above actually after again all also am an and any are as at back be because been before being but by can cannot could
        d did do does doing don down each even ever few for from get give go got had has have having he hello her here hey hi him his how i
        if in into is it its just kindly know let like ll m maybe me might more most much must my need no not now of off ok okay on once one
        only or other our out over own please put re really s same say see she should so some still such sure t tell than thank thanks that
        the their them then there these they thing this those though to today too under until up us ve very want was we well were what when
        where which while who whom why will wish with would yes yet you your""",
    "fr": """a ai aie alors apres as au aucun aussi autre aux avant avec avez avoir avons bien bonjour bonsoir c ca car ce cela celle celui
        ces cet cette chez comme comment d dans de des deux dire dit dois doit donc du elle en encore es est et etait ete etes etre eu eux
        faire fait faut il ils j jamais je jusque l la le les leur leurs lui m ma mais me meme merci mes moi moins mon n ne ni non nos notre
        nous on ont ou oui par parce pas peu peut peux plait plus pour pourquoi pouvez pouvoir pourriez pourrais puis qu quand que quel
        quelle quelles quels qui quoi s sa salut sans savoir se sera ses si sont sous suis sur svp t ta te tes toi ton tous tout toute
        toutes tres tu un une va vais vers veuillez voudrais veux vos votre vous vraiment y""",
}
