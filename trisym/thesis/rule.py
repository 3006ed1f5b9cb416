"""The rule of the verdicts, as the page and a reader of the ledger have it in words."""

RULE = """
A claim is turned into one number to aim at and one comparison; both are shown in its row. **About**
means within a factor; **at most** and **at least** leave a quarter of room for another random seed,
unless the row says otherwise; **exactly** is meant of the middle seed. Where the thesis prints no
number, the aim is our reading of its words. What was trained needs three seeds.

1. A result table is missing, or has too few seeds: *not measured yet*.
2. Where we have trained by the **thesis's own protocol** (its optimiser, rate, batch and epochs, as
   printed or as its notebooks ran it), the numbers of that protocol are judged, and a pass is
   *reproduced*. Our own protocol's numbers stand beside them, and do not count.
3. Where we have not, our protocol's numbers are judged. A pass is *reproduced with other protocol*
   if we trained or measured differently, and the row says how; else *reproduced*.
4. They fail that, but pass with the number or the formula of the thesis's own notebooks, or plain
   arithmetic or the text itself contradicts the print: the row names the fault. A *misprint* is a
   slip of the pen. *Wrong in print* is a statement or a formula that does not hold. *Print is not
   the program*: both are sound, and they differ. *Not stated*: what was run can't be known from
   the print. No fault is a print that the notebook's number is within the same room of: that is
   rounding, and either will do.
5. Else: *not reproduced*.

Numbers are given as mean ± standard deviation over seeds. An open row adds the 95 % interval of the
mean by Student's t and, where a number is a ratio of two networks', a paired t test on its
logarithm over seeds: at equal seeds both have the same triangles and, where their shapes agree, the
same initial weights. A seed stands for the initial weights and the order of the batches, on one set
of triangles; in section 3.5, and for the principal components of 2.3, for the triangles as well.

Rows that arithmetic or reading settles can't fail for want of a network, and are counted apart.
What we state ourselves, beyond the thesis, is marked as **ours** and *holds* or *does not hold* by
the same comparisons.
"""
