// Two lists of 256 words of our own: short ones for bytes at even positions, longer ones for odd positions, so that a
// word left out, said twice or swapped while reading aloud is heard at once. Their order is part of the format: words
// once printed in a transcript must mean the same bytes for ever.
export const evenWords: readonly string[] = `
  acorn actor adobe agent album alley almond amber anchor angle ankle apple apron arch armour arrow artist
  ashtray atlas attic autumn axle badge bagel baker ballad bamboo banjo banner barley barrel basin basket beacon
  beaver bedrock beetle bellows bench berry bishop blanket blossom boat bonnet border bottle bracket branch
  brandy breeze brick bridge bronze brother bucket buckle buffet bugle bullet bundle burrow butter button cabin
  cactus camel candle canyon carbon cargo carpet castle cattle cedar cellar chalk chapel cheese cherry chimney
  chisel cider circle citrus clarinet clay clover cobalt cocoa coffee collar comet copper coral corner cotton
  cradle crater crayon cricket crown crystal cupboard curtain cushion cymbal dagger dairy daisy dancer danger
  decade denim desert diamond dinner doctor dolphin donkey dragon drawer drummer eagle earring easel echo elbow
  ember engine falcon farmer feather fennel ferry fiddle finger flannel flute forest fossil fountain freckle
  funnel gadget galley garden garlic gazelle ginger glacier goblet granite gravel guitar hammer hamster harbour
  harvest hazel helmet hermit hornet hostel hunter igloo insect island ivory jacket jasmine jelly jigsaw jungle
  kennel kernel kettle kitten ladder lagoon lantern lava leather lemon lentil lettuce lilac linen lion lizard
  lobster locket magnet mango maple marble market meadow melon mentor metal mirror mitten mortar mountain muffin
  mustard napkin nectar needle nickel noodle nutmeg oasis olive onion orbit orchard otter oven oxen oyster paddle
  palace panda panther paper parrot pastry peanut pebble pelican pencil pepper piano pickle pigeon pillow pilot
  piston planet plaster plum pocket pony poplar powder prairie puddle pumpkin puppet quarry quiver rabbit radish
  raven
`
  .trim()
  .split(/\s+/u);

export const oddWords: readonly string[] = `
  abacus accolade acetone acrobat adjective admiral advantage aeroplane albatross alchemy alfalfa algebra
  alligator alphabet aluminium amazement ambulance amethyst ammonite amplifier anaconda anagram anchovy anemone
  animal antelope antenna apartment apricot aquarium arcadia archipelago argument armadillo aromatic arsenal
  artichoke aspirin asteroid astronaut asylum avalanche aviator avocado bachelor bakery balcony banana bandana
  barbecue baritone barometer basilica battery bayonet benefit bicycle binocular biscotti bohemian boulevard
  bravado broccoli buccaneer butterfly calculus calendar calorie camera canopy caramel caravan cardamom cardinal
  caribou carnival carousel casserole catalogue cathedral cauliflower cavalry celebrity celery centimetre ceramic
  champion chandelier chimpanzee chocolate cinnamon citadel clavichord colony colosseum commodore companion
  compartment computer concerto condiment confetti consonant continent corduroy coriander cormorant cornucopia
  corridor cosmonaut cotillion cranberry crocodile cucumber cultivar customer cylinder daffodil decimal decorum
  delegate delicacy deodar deputy detective dialogue diameter dinosaur diploma director discovery document domino
  dragonfly dromedary dynamo earthenware ebony ecology economy editor elastic elegance element elephant elevator
  emerald emperor enamel encore energy envelope episode equator escalade espresso estuary eucalyptus evergreen
  explorer fabulous factory festival filament flamingo florida formula fortnightly fugitive furniture galaxy
  gallery gardenia gasoline gelatine general genius geranium gladiator glockenspiel gondola gorilla gossamer
  graduate granary gymnasium habitat hacienda harmony hazelnut helicopter hemisphere heritage hexagon hickory
  holiday horizon hospital hurricane hyacinth icicle imperial incense indigo infantry innovate instrument
  interval inventor iridium isotope jamboree javelin jeopardy jubilee juniper kangaroo kerosene kilogram
  labyrinth lavender legacy lemonade leopard library limerick linoleum logarithm lullaby magazine magnesium
  mahogany mandarin mandolin manuscript marigold marathon mariner marmalade masonry matador melody memory
  metronome microphone mineral molasses monument motorway nectarine nightingale nomadic nutrition obelisk octopus
  omelette
`
  .trim()
  .split(/\s+/u);
