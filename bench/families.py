"""Rough patterns of well-known families, for measuring cost only.

They are what a quick screen would write: one SMARTS per family, no positions, no lists of allowed
groups, no dates. They are not legal definitions and catch much that no law names.
"""

from __future__ import annotations

FAMILIES: dict[str, str] = {
    "4-anilidopiperidines": "[CX3](=O)N(c)C1CCNCC1",
    "2-benzylbenzimidazoles": "c1ccccc1Cc1nc2ccccc2n1",
    "morphinans": "c1ccc2c(c1)CC1NCCC23CCCCC13",
    "4,5-epoxymorphinans": "O1c2cccc3c2C4(CCNC(C3)C4)C1",
    "4-phenylpiperidines": "c1ccccc1C1CCNCC1",
    "4-benzylpiperidines and piperazines": "c1ccccc1C[C,N]1CC[N,C]CC1",
    "diphenylpropylamines": "c1ccccc1C(c1ccccc1)CCN",
    "benzomorphans": "c1ccc2c(c1)CC1NCCC2C1",
    "phenethylamines": "c1ccccc1CC[NX3]",
    "2,5-dimethoxyphenethylamines": "COc1ccc(OC)c(CC[NX3])c1",
    "methylenedioxyphenethylamines": "C1Oc2ccc(CC[NX3])cc2O1",
    "cathinones": "c1ccccc1C(=O)C[NX3]",
    "aminotetralins": "c1ccc2c(c1)CCCC2[NX3]",
    "tryptamines": "c1ccc2[nH]cc(CC[NX3])c2c1",
    "4-oxytryptamines": "c1cc(O)c2c(CC[NX3])c[nH]c2c1",
    "ergolines": "c1cc2[nH]cc3CC4NCCC=C4c(c1)c23",
    "tropanes": "C1CC2CCC(C1)N2",
    "1,4-benzodiazepines": "C1CN=C(c2ccccc2)c2ccccc2N1",
    "triazolobenzodiazepines": "c1nnc2n1-c1ccccc1C(c1ccccc1)=NC2",
    "imidazobenzodiazepines": "c1ncc2n1-c1ccccc1C(c1ccccc1)=NC2",
    "barbiturates": "O=C1CC(=O)NC(=O)N1",
    "methaqualones": "c1ccccc1-n1cnc2ccccc2c1=O",
    "carbamates of diols": "NC(=O)OCCCOC(N)=O",
    "arylcyclohexylamines": "c1ccccc1C1([NX3])CCCCC1",
    "2-aryl-2-aminocyclohexanones": "c1ccccc1C1([NX3])CCCCC1=O",
    "1-alkyl-3-acylindoles": "[#6]C(=O)c1cn(C)c2ccccc12",
    "indazole-3-carboxamides": "NC(=O)c1nn(C)c2ccccc12",
    "indole-3-carboxamides": "NC(=O)c1cn(C)c2ccccc12",
    "cyclohexylphenols": "Oc1ccccc1C1CCCCC1",
    "dibenzopyrans": "c1ccc2c(c1)OCC1CCC=CC21",
    "benzylpiperazines": "c1ccccc1CN1CCNCC1",
    "phenylpiperazines": "c1ccccc1N1CCNCC1",
    "piperidinyl benzimidazolones": "O=c1[nH]c2ccccc2n1C1CCNCC1",
    "methylphenidates": "c1ccccc1C(C=O)C1CCCCN1",
    "aminorex oxazolines": "c1ccccc1C1CN=C(N)O1",
    "4-hydroxybutyrates": "OCCCC(=O)[OX2,OX1-]",
    "imidazopyridines": "c1ccc(cc1)-c1nc2ccccn2c1",
    "xanthines": "O=c1nc(=O)c2ncnc2n1",
}
