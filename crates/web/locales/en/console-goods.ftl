# The console: products, stock, import.

console-stock = Stock
console-import = Import
console-product = Product
console-price = Price
console-compare = Was
console-weight = Grams
console-category = Category
console-category-any = any category
console-brand = Brand
console-tags = Tags
console-tags-help = Separated by commas.
console-updated = Changed
console-slug = Address
console-sku = SKU
console-variant = Variant
console-import-act = Import
console-export-act = Export
console-export-csv = CSV
console-product-new = New product
console-product-variants-count = { $count ->
    [one] 1 variant
   *[other] { $count } variants
 }
console-product-search = Search products
console-product-title = Title
console-product-body = Description
console-product-body-help = Simple HTML is kept; anything unsafe is removed.
console-product-pictures = Pictures
console-product-no-pictures = No pictures yet. Import a product file with picture addresses and they are fetched for you.
console-product-alt = What the picture shows
console-product-add-pictures = Add pictures
console-product-variants = Variants
console-product-variants-help = Stock changes have their own page, so that every change has a reason.
console-product-variant-add = Add a variant
console-product-option = Option { $n }
console-product-option-hint = Colour, size, …
console-product-status-help = Only active products are on sale.
console-product-place = Where it belongs
console-product-found = How it is found
console-product-see = See it
console-product-group = Group buy
console-product-active = Active
console-product-draft = Draft
console-product-archived = Archived
console-bulk-chosen = { "{n}" } chosen
console-bulk-with = With the chosen:
console-bulk-active = Put on sale
console-bulk-draft = Make draft
console-bulk-archive = Archive
console-bulk-done = { $count ->
    [one] One product changed.
   *[other] { $count } products changed.
 }
console-bulk-none = No product was chosen, so nothing changed.
console-type = Kind of product
console-categories-none = No categories yet.
console-product-picture-drop = Remove
console-product-picture-remote = being fetched
console-product-picture-failed = could not be fetched
console-product-text = In { $language }
console-product-text-help = Empty: shown in the shop’s own language.
console-product-text-save = Save this language
console-language-zh-CN = Chinese
console-language-en = English
console-variant-tracked = Count
console-variant-tracked-help = Its stock is counted
console-variant-oversell = Beyond
console-variant-oversell-help = May be sold beyond the stock
console-variant-ships = Ships
console-set-aside = Set aside
console-sold = Sold
console-lost = Lost
console-seo-title = Title for search engines
console-seo-description = Description for search engines
console-import-sub = Shopify’s product CSV, the old and the new header. Nothing changes until you say so.
console-import-step-1 = Choose a file
console-import-step-2 = Check what would happen
console-import-step-3 = Done
console-import-file = Product file
console-import-file-help = CSV, UTF-8, up to { $most } MB. Drop it here or choose it.
console-import-check = Check the file
console-import-safe = This is a rehearsal: it reads the file and changes nothing.
console-import-how = How it works
console-import-how-1 = Good rows go in, each bad row is named with its line and reason.
console-import-how-2 = Importing the same file again changes nothing.
console-import-how-3 = Stock in the file sets what is on hand; what is reserved for orders stays reserved.
console-import-how-4 = Pictures are fetched afterwards, one by one, in the background.
console-import-source = { $name } · { $rows } rows · read in { $took }
console-import-verdict = { $created } new, { $updated } updated, { $unchanged } unchanged
console-import-verdict-none = Nothing to change: the shop already has all of this.
console-import-verdict-bad = No row of this file can be used.
console-import-done = Done: { $created } new, { $updated } updated, { $unchanged } unchanged
console-import-new = New
console-import-updated = Updated
console-import-unchanged = Unchanged
console-import-faulty = Rows with a fault
console-import-pictures = Pictures to fetch
console-import-do = { $count ->
    [one] Import one product
   *[other] Import { $count } products
 }
console-import-other = Choose another file
console-import-undo = An import can be repeated safely.
console-import-see = See the products
console-import-more = Import another file
console-import-faults = { $count ->
    [one] One row was left out
   *[other] { $count } rows were left out
 }
console-import-faults-would = { $count ->
    [one] One row would be left out
   *[other] { $count } rows would be left out
 }
console-import-faults-csv = Download as CSV
console-import-changes = What changes
console-import-more-changes = and { $count } more
console-import-handle = Handle
console-import-column = Column
console-import-why = What is wrong
console-import-found = Found
console-import-outcome = Outcome
console-import-detail = Detail
console-import-no-file = No file came with the form. Nothing changed; choose a CSV file and try again.
console-import-too-big = The file is larger than { $limit }. Use the command line for very large files.
console-import-gone = The rehearsal is no longer here. Please check the file again; nothing was changed.
console-stock-sub = On hand is what lies on the shelf; reserved belongs to orders; available can be sold.
console-on-hand = On hand
console-reserved = Reserved
console-available = Available
console-stock-any = any level
console-stock-low = nearly gone
console-stock-out = sold out
console-stock-search = Product or SKU
console-stock-adjust = Adjust
console-stock-product = The product
console-stock-moves = Movements
console-stock-no-moves = Nothing has moved yet.
console-stock-by = Change by
console-stock-by-help = +12 when goods arrive, −1 when one breaks. Never below what is reserved.
console-stock-reason = Reason
console-stock-reason-1 = Goods arrived
console-stock-reason-2 = Counted
console-stock-reason-3 = Broken or lost
console-stock-reason-4 = Sample
console-stock-save = Write it down
console-stock-done = Written down.
console-stock-only-left = Only { $left } can be taken out: the rest belongs to orders or is not there. Nothing changed.
console-stock-bad-number = “{ $text }” is not a whole number. Nothing changed; write +12 or −1.
console-cause = Cause
console-stock-empty = No stock to speak of yet
console-stock-empty-text = Stock appears with the first product.
console-stock-left = Left
console-available-n = { $count } available
console-product-bad-price = Variant { $n }: “{ $text }” is not a price. Write it like 39.00.
console-cause-receive = Arrived
console-cause-lose = Taken out
console-cause-reserve = Reserved by an order
console-cause-reserve_set_aside = Reserved from what was set aside
console-cause-release = Released
console-cause-release_set_aside = Released, set aside again
console-cause-claim = Sold
console-cause-restock = Back in stock
console-cause-restock_set_aside = Back to what was set aside
console-cause-spoil = Came back, cannot be sold
console-cause-set_aside = Set aside for a group buy
console-cause-return_aside = No longer set aside
console-cause-make = Made for an order
console-cause-unmake = Not made after all
console-import-latest = Latest imports
console-import-change = { $variants ->
    [one] 1 variant
   *[other] { $variants } variants
 } · { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
 }
console-fault-columns = The row has { $found } columns; the header has { $expected }.
console-fault-invalid_utf8 = The cell is not UTF-8 text.
console-fault-handle_missing = The handle is missing: nothing says which product this is.
console-fault-handle_bad = A handle is letters, digits and hyphens.
console-fault-title_missing = The title is missing.
console-fault-text_too_long = Longer than { $most } characters.
console-fault-status_bad = A status is active, draft or archived.
console-fault-boolean_bad = This should be TRUE or FALSE.
console-fault-price_missing = The price is missing.
console-fault-price_bad = This is not a price.
console-fault-price_negative = A price cannot be below zero.
console-fault-price_decimals = At most { $most } decimals in this currency.
console-fault-price_too_large = This price is too large to be one.
console-fault-quantity_bad = This is not a whole number of units.
console-fault-policy_bad = A policy is deny or continue.
console-fault-weight_bad = This is not a weight.
console-fault-weight_unit_bad = A weight unit is g, kg, oz or lb.
console-fault-image_url_bad = This is not the web address of a picture.
console-fault-image_position_bad = A position is a whole number from 1.
console-fault-option_name_missing = An option has a value here, but its product gives it no name.
console-fault-option_value_missing = A variant needs a value for each of its product’s options.
console-fault-variant_twice = The same variant as on line { $line }.
console-fault-too_many_variants = A product has at most { $most } variants.
console-fault-too_many_pictures = A product has at most { $most } pictures.
console-fault-option_too_many = A product has at most three options.
console-fault-product_rejected = The product’s first row, on line { $line }, was left out, and so is this one.
console-product-low = A variant is nearly gone

# Words that mean the same.
console-synonyms = Search words
console-synonyms-sub = Words that mean the same find each other
console-synonyms-words = Words or phrases, with commas between them
console-synonyms-hint = sofa, settee, couch
console-synonyms-help = Whoever looks for one of them finds the others too.
console-synonyms-one-way = Only the first finds the others
console-synonyms-add = Add
console-synonyms-none = No words yet.
console-synonyms-remove = Remove
